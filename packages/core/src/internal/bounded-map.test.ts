import { describe, expect, it } from 'vitest'
import { BoundedMap } from './bounded-map.js'

/** A map of three entries with `a`, `b` and `c` in it, each with its own name as value. */
function createFullMap() {
  const evictions = { count: 0 }
  const onEvict = (): void => {
    evictions.count += 1
  }
  const map = new BoundedMap<string>({ maxEntries: 3, onEvict })
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
    expect([keys(), evictions.count]).toEqual([['a', 'c', 'b'], 0])
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

  it('goes on where it was after a deletion', () => {
    const { map, add, keys } = createFullMap()
    map.get('a')
    add('d')
    map.delete('d')
    add('e', 'f')
    expect(keys()).toEqual(['a', 'e', 'f'])
  })

  it('goes on behind an entry that is deleted under its hand', () => {
    const { map, add, keys } = createFullMap()
    map.get('a')
    add('d')
    map.delete('c')
    add('e', 'f')
    expect(keys()).toEqual(['a', 'e', 'f'])
  })

  it('keeps what is in use through a flood of which some are deleted', () => {
    const map = new BoundedMap<number>({ maxEntries: 1_000 })
    const inUse = Array.from({ length: 200 }, (_, at) => `in use ${at}`)
    for (const key of inUse) map.set(key, 0)
    for (let flood = 0; flood < 20_000; flood += 1) {
      map.get(inUse[flood % 200] as string)
      map.set(`once-${flood}`, 0)
      for (const key of flood % 1_000 === 0 ? [`once-${flood}`] : []) map.delete(key)
    }
    expect(inUse.filter((key) => map.get(key) === undefined)).toEqual([])
  })

  it('forgets nothing of its order when every entry is deleted', () => {
    const { map, add, keys } = createFullMap()
    for (const key of ['b', 'a', 'c']) map.delete(key)
    expect([keys(), map.size]).toEqual([[], 0])
    add('d', 'e', 'f', 'g')
    expect(keys()).toEqual(['e', 'f', 'g'])
  })

  it('deletes what is meant, by value or key', () => {
    const { map, keys } = createFullMap()
    map.deleteWhere((value, key) => value === 'a' || key === 'c')
    expect(keys()).toEqual(['b'])
  })
})

describe('a BoundedMap of weights', () => {
  const create = () =>
    new BoundedMap<number>({
      maxEntries: 100,
      maxWeight: 10,
      weigh: (value) => value,
    })
  const has = (map: BoundedMap<number>, ...keys: readonly string[]) => keys.map((key) => map.get(key))

  it('never holds more than it may', () => {
    const map = create()
    for (const [key, weight] of [
      ['a', 4],
      ['b', 4],
      ['c', 5],
    ] as const)
      map.set(key, weight)
    expect(has(map, 'a', 'b', 'c')).toEqual([undefined, 4, 5])
  })

  it('makes as much room as a value needs', () => {
    const map = create()
    for (const [key, weight] of [
      ['a', 3],
      ['b', 3],
      ['c', 3],
      ['d', 7],
    ] as const)
      map.set(key, weight)
    expect(has(map, 'a', 'b', 'c', 'd')).toEqual([undefined, undefined, 3, 7])
  })

  it('counts a value that takes the place of another once', () => {
    const map = create()
    for (const weight of [9, 2, 9, 3]) map.set('a', weight)
    map.set('b', 7)
    expect(has(map, 'a', 'b')).toEqual([3, 7])
  })

  it('does not keep what weighs more than all may, nor what it would have replaced', () => {
    const map = create()
    map.set('a', 1)
    map.set('b', 1)
    map.set('a', 11)
    expect(has(map, 'a', 'b')).toEqual([undefined, 1])
  })

  it('weighs nothing when it is empty again', () => {
    const map = create()
    map.set('a', 10)
    map.delete('a')
    map.set('b', 10)
    expect(has(map, 'b')).toEqual([10])
  })
})

describe('a BoundedMap of values that expire', () => {
  const create = () => {
    const evicted = { count: 0 }
    const expired = new Set<string>()
    const map = new BoundedMap<string>({
      ...{ maxEntries: 4, isExpired: (value: string) => expired.has(value) },
      onEvict: () => {
        evicted.count += 1
      },
    })
    for (const key of ['a', 'b', 'c', 'd']) map.set(key, key)
    return { map, expired, evicted }
  }

  it('lets an expired one make room, though it is in use, and tells nobody', () => {
    const { map, expired, evicted } = create()
    map.get('a')
    expired.add('a')
    map.set('e', 'e')
    expect([map.get('a'), map.get('b'), evicted.count]).toEqual([undefined, 'b', 0])
  })

  it('takes out expired ones as new ones come, without being full', () => {
    const { map, expired } = create()
    for (const key of ['a', 'b', 'c', 'd']) expired.add(key)
    map.delete('d')
    map.set('e', 'e')
    map.set('f', 'f')
    expect(map.size).toBe(2)
  })
})
