import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { typeError } from '../../test/expected-errors.js'
import { readClock, systemClock } from './clock.js'

describe('systemClock', () => {
  it('gives the time of this machine, as it is when asked', () => {
    vi.useFakeTimers({ now: 1_000, toFake: ['Date'] })
    onTestFinished(() => void vi.useRealTimers())
    expect(systemClock.now()).toBe(1_000)
    vi.setSystemTime(2_000)
    expect(systemClock.now()).toBe(2_000)
  })

  it('sleeps', async () => {
    const sleep = systemClock.sleep(1)
    expect(sleep).toBeInstanceOf(Promise)
    expect(await sleep).toBeUndefined()
  })

  it('runs an alarm once, and keeps no process alive for it', async () => {
    const timers = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
    await new Promise<void>((resolve) => {
      systemClock.after(1, resolve)
      expect(process.getActiveResourcesInfo().filter((name) => name === 'Timeout')).toHaveLength(timers)
      // An alarm alone would let this process end.
      setTimeout(() => {}, 50)
    })
  })

  it('runs no alarm that was prevented', () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const run = vi.fn<() => void>()
    systemClock.after(10, run)()
    vi.advanceTimersByTime(20)
    expect(run).not.toHaveBeenCalled()
  })
})

describe('readClock', () => {
  it('takes what is given, as a method of the clock, and the rest from this machine', () => {
    const clock = readClock({
      ...{ time: 7 },
      now(this: { time: number }) {
        return this.time
      },
    })
    expect([clock.now(), clock.sleep, clock.after]).toEqual([7, systemClock.sleep, systemClock.after])
  })

  it('takes Date, which tells the time', () => expect(readClock(Date).now()).toBeGreaterThan(1))

  for (const given of [{}, null, 7, { now: 7 }, { now: Date.now, sleep: 'long' }, { after: null }]) {
    it(`takes ${JSON.stringify(given)} for a mistake`, () =>
      expect(() => readClock(given as never)).toThrow(
        typeError('clock has the functions now, elapsed, sleep or after'),
      ))
  }
})
