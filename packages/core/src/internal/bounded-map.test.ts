import { describe, expect, it } from 'vitest'
import { BoundedMap } from './bounded-map.js'

/** A map of three entries with `a`, `b` and `c` in it, each with its own name as value. */
function createFullMap() {
  const evictions = { count: 0 }
  const map = new BoundedMap<string>(3, () => {
    evictions.count += 1
  })
  const add = (...keys: readonly string[]): void => {
    for (const key of keys) map.set(key, key)
  }
  /** Looking at the keys would be using them. */
  const keys = (): readonly string[] => {
    const found: string[] = []
    map.deleteWhere((_value, key) => {
      found.push(key)
      return false
    })
    return found
  }
  add('a', 'b', 'c')
  return { map, add, keys, evictions }
}

describe('a BoundedMap', () => {
  it('gives what was put in, and undefined for anything else', () => {
    const { map } = createFullMap()
    expect(['a', 'b', 'c', 'd', '__proto__'].map((key) => map.get(key))).toEqual(['a', 'b', 'c', undefined, undefined])
  })

  it('replaces a value without another having to make room', () => {
    const { map, keys, evictions } = createFullMap()
    map.set('b', 'another')
    expect(map.get('b')).toBe('another')
    expect([keys(), evictions.count]).toEqual([['a', 'b', 'c'], 0])
  })

  it('never holds more than it may', () => {
    const { add, keys, evictions } = createFullMap()
    add('d', 'e', 'f', 'g')
    expect([keys().length, evictions.count]).toEqual([3, 4])
  })

  it('takes out the oldest where none has been used', () => {
    const { add, keys } = createFullMap()
    add('d')
    expect(keys()).toEqual(['b', 'c', 'd'])
  })

  it('keeps what has been used, and takes out the next', () => {
    const { map, add, keys } = createFullMap()
    map.get('a')
    add('d')
    expect(keys()).toEqual(['a', 'c', 'd'])
  })

  it('goes on where it last was', () => {
    const { map, add, keys } = createFullMap()
    map.get('a')
    add('d', 'e', 'f')
    expect(keys()).toEqual(['a', 'e', 'f'])
  })

  it('starts with the oldest again at the end', () => {
    const { map, add, keys } = createFullMap()
    map.get('a')
    add('d', 'e')
    map.get('d')
    map.get('e')
    add('f')
    expect(keys()).toEqual(['d', 'e', 'f'])
  })

  it('takes out the oldest where all have been used', () => {
    const { map, add, keys } = createFullMap()
    for (const key of ['a', 'b', 'c']) map.get(key)
    add('d')
    expect(keys()).toEqual(['b', 'c', 'd'])
  })

  it('is not emptied by a flood of keys that come once', () => {
    const { map, add, keys } = createFullMap()
    for (let flood = 0; flood < 1_000; flood += 1) {
      map.get('a')
      map.get('b')
      add(`once-${flood}`)
    }
    expect(keys()).toEqual(['a', 'b', 'once-999'])
  })

  it('has room after a deletion, and hears of no eviction', () => {
    const { map, add, keys, evictions } = createFullMap()
    map.delete('a')
    map.delete('never there')
    add('d')
    expect([keys(), evictions.count]).toEqual([['b', 'c', 'd'], 0])
  })

  it('starts with the oldest after a deletion', () => {
    const { map, add, keys } = createFullMap()
    map.get('a')
    add('d')
    map.delete('d')
    add('e', 'f')
    expect(keys()).toEqual(['c', 'e', 'f'])
  })

  it('deletes what is meant, by value or key', () => {
    const { map, keys } = createFullMap()
    map.deleteWhere((value, key) => value === 'a' || key === 'c')
    expect(keys()).toEqual(['b'])
  })
})
