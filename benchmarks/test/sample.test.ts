import { describe, expect, it } from 'vitest'
import { readCoreList } from '../lib/cores.mjs'
import { toRandomOrder } from '../lib/random-order.mjs'
import { sample } from '../lib/sample.mjs'

const items = Array.from({ length: 50 }, (_, i) => i)

describe('toRandomOrder', () => {
  it('holds everything once', () => expect(toRandomOrder(items, 1).sort((a, b) => a - b)).toEqual(items))
  it('is another order', () => expect(toRandomOrder(items, 1)).not.toEqual(items))
  it('comes back with its seed', () => expect(toRandomOrder(items, 7)).toEqual(toRandomOrder(items, 7)))
  it('differs with another seed', () => expect(toRandomOrder(items, 7)).not.toEqual(toRandomOrder(items, 8)))
})

describe('sample', () => {
  it('measures every variant as often as it is told, one at a time', async () => {
    const underWay: string[] = []
    const results = await sample({ repeats: 7, seed: 3 }, { a: 1, b: 2 }, async (variant: number, name: string) => {
      underWay.push(name)
      await Promise.resolve()
      expect(underWay).toEqual([name])
      underWay.pop()
      return variant
    })
    expect(results).toEqual({ a: Array(7).fill(1), b: Array(7).fill(2) })
  })

  it('does not measure all of one variant before the next', async () => {
    const order: string[] = []
    await sample({ repeats: 7, seed: 3 }, { a: 1, b: 2 }, async (_variant: number, name: string) => order.push(name))
    expect(order.join('')).not.toMatch(/^(a{7}b{7}|b{7}a{7})$/)
  })
})

describe('readCoreList', () => {
  it('reads single cores and ranges', () =>
    expect(readCoreList("pid 1's current affinity list: 0,2-5\n")).toEqual([0, 2, 3, 4, 5]))
  it('finds none where taskset is not there', () => expect(readCoreList('')).toEqual([]))
})
