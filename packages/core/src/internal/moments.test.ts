import { describe, expect, it } from 'vitest'
import { createMoments } from './moments.js'

describe('createMoments', () => {
  it('gives greater numbers as it goes on', () => {
    const moments = createMoments()
    const given = Array.from({ length: 100 }, () => moments.next())
    expect(given).toEqual([...new Set(given)].sort((a, b) => a - b))
  })

  it('counts by itself', () => {
    const [first, second] = [createMoments(), createMoments()]
    first.next()
    expect(first.next()).toBeGreaterThan(second.next())
  })
})
