import { describe, expect, it, vi } from 'vitest'
import { createDeferred } from '../../test/deferred.js'
import { createManualClock } from '../../test/manual-clock.js'
import { createDeadline } from './deadline.js'

function setUp() {
  const clock = createManualClock()
  const toError = vi.fn(() => new Error('too late'))
  return { clock, toError, deadline: createDeadline(clock, 1_000, toError) }
}

describe('createDeadline', () => {
  it('gives what ends before it', async () => {
    const { clock, deadline } = setUp()
    const work = createDeferred<string>()
    const race = deadline.race(work.promise)
    clock.advanceSeconds(0.999)
    work.resolve('done')
    expect(await race).toBe('done')
  })

  it('ends every wait when it comes, and tells those who work', async () => {
    const { clock, deadline } = setUp()
    const races = [1, 2].map(() => deadline.race(new Promise(() => {})))
    const stop = vi.fn()
    deadline.whenOver(stop)
    expect([deadline.signal.aborted, deadline.isOver, stop.mock.calls]).toEqual([false, false, []])
    clock.advanceSeconds(1)
    for (const race of races) await expect(race).rejects.toThrow('too late')
    expect(deadline.signal.aborted).toBe(true)
    expect(deadline.signal.reason).toEqual(new Error('too late'))
    expect([deadline.isOver, stop.mock.calls]).toEqual([true, [[new Error('too late')]]])
  })

  it('ends a wait that begins after it', async () => {
    const { clock, deadline } = setUp()
    clock.advanceSeconds(1)
    await expect(deadline.race(new Promise(() => {}))).rejects.toThrow('too late')
    const stop = vi.fn()
    deadline.whenOver(stop)
    expect([deadline.signal.aborted, stop.mock.calls]).toEqual([true, [[new Error('too late')]]])
  })

  it('passes a failure on', () => expect(setUp().deadline.race(Promise.reject(new Error('no')))).rejects.toThrow('no'))

  it('does nothing once it is cleared', () => {
    const { clock, deadline, toError } = setUp()
    deadline.clear()
    clock.advanceSeconds(60)
    expect([deadline.signal.aborted, deadline.isOver, toError.mock.calls]).toEqual([false, false, []])
  })

  it('makes no unhandled rejection where nobody waits', async () => {
    const { clock } = setUp()
    clock.advanceSeconds(1)
    await new Promise((resolve) => setImmediate(resolve))
  })
})
