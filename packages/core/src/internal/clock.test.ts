import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { systemClock } from './clock.js'

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
})
