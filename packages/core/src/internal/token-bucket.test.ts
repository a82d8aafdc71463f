import { describe, expect, it } from 'vitest'
import { createManualClock } from '../../test/manual-clock.js'
import { TokenBucket } from './token-bucket.js'

function setUp() {
  const clock = createManualClock()
  const bucket = new TokenBucket({ burst: 3, refillMs: 1_000 }, clock)
  /** Takes as many as there are, and tells how many those were. */
  const drain = () => {
    let taken = 0
    while (bucket.take()) taken += 1
    return taken
  }
  return { clock, bucket, drain }
}

describe('TokenBucket', () => {
  it('gives so many at once', () => expect(setUp().drain()).toBe(3))

  it('gives one more after each interval, and not a moment before', () => {
    const { clock, drain } = setUp()
    drain()
    clock.advanceSeconds(0.999)
    expect(drain()).toBe(0)
    clock.advanceSeconds(0.001)
    expect(drain()).toBe(1)
    clock.advanceSeconds(2)
    expect(drain()).toBe(2)
  })

  it('never gives more at once, however long nobody took one', () => {
    const { clock, drain } = setUp()
    clock.advanceSeconds(86_400)
    expect(drain()).toBe(3)
  })

  it('counts the time that passes, though the clock be set', () => {
    const { clock, drain } = setUp()
    drain()
    for (const seconds of [-3_600, 7_200]) {
      clock.setNowSeconds(seconds)
      expect(drain()).toBe(0)
    }
  })

  it('says how long to wait at the most', () => expect(setUp().bucket.waitMs).toBe(1_000))
})
