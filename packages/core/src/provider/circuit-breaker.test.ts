import { describe, expect, it, vi } from 'vitest'
import { createDeferred } from '../../test/deferred.js'
import { authorizationError, outcomeOf } from '../../test/expected-errors.js'
import { createManualClock } from '../../test/manual-clock.js'
import { AuthorizationError } from '../errors/authorization-error.js'
import { type BreakerState, createCircuitBreaker } from './circuit-breaker.js'

const outage = (retryAfterSeconds?: number) =>
  new AuthorizationError('ERR_PROVIDER_UNAVAILABLE', 'no answer', { retryAfterSeconds })

function setUp() {
  const clock = createManualClock()
  const states: BreakerState[] = []
  const breaker = createCircuitBreaker({ clock, onChange: (state) => states.push(state) })
  const task = vi.fn<() => Promise<string>>(async () => 'answer')
  const run = () => outcomeOf(() => breaker(task))
  /** Runs so many times, with a task that fails. */
  const fail = async (times: number, error: unknown = outage()) => {
    for (let n = 0; n < times; n += 1) await outcomeOf(() => breaker(() => Promise.reject(error)))
  }
  return { clock, states, breaker, task, run, fail, ran: () => task.mock.calls.length }
}

describe('createCircuitBreaker', () => {
  it('asks on after four failures in a row', async () => {
    const { run, fail, states } = setUp()
    await fail(4)
    expect(await run()).toBe('answer')
    expect(states).toEqual([])
  })

  it('counts failures in a row only: an answer starts the count again', async () => {
    const { run, fail, states } = setUp()
    await fail(4)
    await run()
    await fail(4)
    expect(await run()).toBe('answer')
    expect(states).toEqual([])
  })

  it('refuses unasked after five, says why, and for how long', async () => {
    const { run, fail, ran, states } = setUp()
    const failure = outage()
    await fail(5, failure)
    expect(await run()).toEqual(
      authorizationError('ERR_PROVIDER_UNAVAILABLE', 'not asked, since before: no answer', {
        retryAfterSeconds: 1,
        cause: { name: 'AuthorizationError', code: 'ERR_PROVIDER_UNAVAILABLE' },
      }),
    )
    expect(ran()).toBe(0)
    expect(states).toEqual(['open'])
  })

  it('takes a bad token for an answer', async () => {
    const { run, fail } = setUp()
    await fail(50, new AuthorizationError('ERR_TOKEN_INVALID', 'not active'))
    expect(await run()).toBe('answer')
  })

  it('takes an error for an answer that it is told is no failure', async () => {
    const breaker = createCircuitBreaker({ clock: createManualClock(), isFailure: () => false, onChange: () => {} })
    const misconfigured = new AuthorizationError('ERR_CONFIGURATION', 'status 403')
    const ask = () => outcomeOf(() => breaker(() => Promise.reject(misconfigured)))
    const outcomes = [await ask(), await ask(), await ask(), await ask(), await ask(), await ask()]
    expect(outcomes).toEqual(outcomes.map(() => misconfigured))
    expect(await breaker(async () => 'asked')).toBe('asked')
  })

  it('keeps the code of a misconfiguration, which costs ZITADEL as much as any question', async () => {
    const { run, fail } = setUp()
    await fail(5, new AuthorizationError('ERR_CONFIGURATION', 'wrong key'))
    expect(await run()).toEqual(authorizationError('ERR_CONFIGURATION', 'not asked, since before: wrong key'))
  })

  it('asks one question when a second has passed, and refuses the others meanwhile', async () => {
    const { clock, breaker, run, fail, states } = setUp()
    await fail(5)
    clock.advanceSeconds(0.999)
    expect(await run()).toBeInstanceOf(AuthorizationError)
    clock.advanceSeconds(0.001)
    const probe = createDeferred<string>()
    const probing = breaker(() => probe.promise)
    expect(await run()).toBeInstanceOf(AuthorizationError)
    probe.resolve('back')
    expect(await probing).toBe('back')
    expect(await run()).toBe('answer')
    expect(states).toEqual(['open', 'half-open', 'closed'])
  })

  it('doubles its time with every probe that fails, up to five seconds, and starts anew after an answer', async () => {
    const { clock, run, fail } = setUp()
    await fail(5)
    for (const seconds of [1, 2, 4, 5, 5]) {
      clock.advanceSeconds(seconds - 0.001)
      expect(await run()).toBeInstanceOf(AuthorizationError)
      clock.advanceSeconds(0.001)
      await fail(1)
    }
    clock.advanceSeconds(5)
    expect(await run()).toBe('answer')
    await fail(5)
    clock.advanceSeconds(1)
    expect(await run()).toBe('answer')
  })

  it('opens at once when ZITADEL says when to come back, for as long as it says', async () => {
    const { clock, run, fail, ran } = setUp()
    await fail(1, outage(17))
    clock.advanceSeconds(16.5)
    expect(await run()).toMatchObject({ retryAfterSeconds: 1 })
    expect(ran()).toBe(0)
    clock.advanceSeconds(0.5)
    expect(await run()).toBe('answer')
  })

  it('says how much is left of the time that ZITADEL named', async () => {
    const { run, fail, clock } = setUp()
    await fail(1, outage(30))
    clock.advanceSeconds(9)
    expect(await run()).toMatchObject({ retryAfterSeconds: 21 })
  })

  it('opens again when the probe fails after a time that ZITADEL named, and probes again', async () => {
    const { run, fail, clock, states } = setUp()
    await fail(1, outage(2))
    clock.advanceSeconds(2)
    await fail(1)
    clock.advanceSeconds(5)
    expect(await run()).toBe('answer')
    expect(states).toEqual(['open', 'half-open', 'open', 'half-open', 'closed'])
  })

  it('does not stay open longer for failures of questions that were under way when it opened', async () => {
    const { clock, breaker, run, fail } = setUp()
    const slow = createDeferred<string>()
    const underWay = outcomeOf(() => breaker(() => slow.promise))
    await fail(5)
    clock.advanceSeconds(0.9)
    slow.reject(outage())
    await underWay
    clock.advanceSeconds(0.1)
    expect(await run()).toBe('answer')
  })

  it('asks when the clock was set back, rather than refuse until it has caught up', async () => {
    const { clock, run, fail } = setUp()
    await fail(5)
    clock.advanceSeconds(-3_600)
    expect(await run()).toBe('answer')
  })
})
