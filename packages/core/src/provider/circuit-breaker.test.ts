import { describe, expect, it, vi } from 'vitest'
import { createDeferred } from '../../test/deferred.js'
import { authorizationError, outcomeOf } from '../../test/expected-errors.js'
import { createManualClock } from '../../test/manual-clock.js'
import { AuthorizationError } from '../errors/authorization-error.js'
import type { CircuitState } from './circuit.js'
import { type CircuitBreakerOptions, createCircuitBreaker } from './circuit-breaker.js'
import { createStatusFailure, toThrottledMs } from './failure.js'

const outage = (retryAfterSeconds?: number) =>
  new AuthorizationError('ERR_PROVIDER_UNAVAILABLE', 'no answer', { retryAfterSeconds })

function setUp(more: Partial<CircuitBreakerOptions> = {}) {
  const clock = createManualClock()
  const states: CircuitState[] = []
  const breaker = createCircuitBreaker({
    clock,
    maxProbeMs: 30_000,
    isFailure: () => true,
    toAskedMs: () => undefined,
    onChange: (state) => states.push(state),
    ...more,
  })
  const task = vi.fn<() => Promise<string>>(async () => 'answer')
  const run = (token = 'of-ann') => outcomeOf(() => breaker(token, task))
  let strangers = 0
  /** Runs so many times, with a task that fails, each for a token of its own or all for one. */
  const fail = async (times: number, error: unknown = outage(), token?: string) => {
    for (let n = 0; n < times; n += 1) {
      strangers += 1
      await outcomeOf(() => breaker(token ?? `of-stranger-${strangers}`, () => Promise.reject(error)))
    }
  }
  return { clock, states, breaker, task, run, fail, ran: () => task.mock.calls.length }
}

describe('createCircuitBreaker', () => {
  it('asks on after four failures of different tokens in a row', async () => {
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

  it('refuses unasked after five of different tokens, says why, and for how long', async () => {
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
    const { fail, run, states } = setUp({ isFailure: () => false })
    const misconfigured = new AuthorizationError('ERR_CONFIGURATION', 'status 403')
    await fail(6, misconfigured)
    await fail(6, misconfigured, 'of-ann')
    expect(await run()).toBe('answer')
    expect(states).toEqual([])
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
    const probing = breaker('of-bob', () => probe.promise)
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

  it('opens at once for all when ZITADEL asks everybody to come back later, for as long as it says', async () => {
    const { clock, run, fail, ran } = setUp({ toAskedMs: toThrottledMs })
    await fail(1, createStatusFailure(429, 17))
    clock.advanceSeconds(16.5)
    expect(await run()).toMatchObject({ retryAfterSeconds: 1 })
    expect(ran()).toBe(0)
    clock.advanceSeconds(0.5)
    expect(await run()).toBe('answer')
  })

  it('says how much is left of the time that ZITADEL named', async () => {
    const { run, fail, clock } = setUp({ toAskedMs: toThrottledMs })
    await fail(1, createStatusFailure(429, 30))
    clock.advanceSeconds(9)
    expect(await run()).toMatchObject({ retryAfterSeconds: 21 })
  })

  it('opens again when the probe fails after a time that ZITADEL named, and probes again', async () => {
    const { run, fail, clock, states } = setUp({ toAskedMs: toThrottledMs })
    await fail(1, createStatusFailure(429, 2))
    clock.advanceSeconds(2)
    await fail(1)
    clock.advanceSeconds(5)
    expect(await run()).toBe('answer')
    expect(states).toEqual(['open', 'half-open', 'open', 'half-open', 'closed'])
  })

  it('does not stay open longer for failures of questions that were under way when it opened', async () => {
    const { clock, breaker, run, fail } = setUp()
    const slow = createDeferred<string>()
    const underWay = outcomeOf(() => breaker('of-bob', () => slow.promise))
    await fail(5)
    clock.advanceSeconds(0.9)
    slow.reject(outage())
    await underWay
    clock.advanceSeconds(0.1)
    expect(await run()).toBe('answer')
  })

  it('counts the time that passes, though the clock be set', async () => {
    const { clock, run, fail } = setUp()
    await fail(5)
    clock.setNowSeconds(-3_600)
    expect(await run()).toBeInstanceOf(AuthorizationError)
    clock.advanceSeconds(1)
    expect(await run()).toBe('answer')
  })

  it('waits for a probe that never ends for so long, and then sends another', async () => {
    const { breaker, clock, run, fail } = setUp()
    await fail(5)
    clock.advanceSeconds(1)
    const lost = breaker('of-bob', () => new Promise(() => {}))
    expect(lost).toBeInstanceOf(Promise)
    clock.advanceSeconds(29.999)
    expect(await run()).toBeInstanceOf(AuthorizationError)
    clock.advanceSeconds(0.001)
    expect(await run()).toBe('answer')
  })
})

describe('a token that fails', () => {
  it('keeps nobody else out, however often it does', async () => {
    const { run, fail, states } = setUp()
    await fail(1_000, outage(), 'of-mallory')
    expect(await run()).toBe('answer')
    expect(states).toEqual([])
  })

  it('keeps nobody else out with a Retry-After that is not about who asks', async () => {
    const { run, fail, states } = setUp({ toAskedMs: toThrottledMs })
    for (const status of [500, 502, 503, 504]) await fail(3, createStatusFailure(status, 60), 'of-mallory')
    await fail(3, createStatusFailure(429, undefined), 'of-mallory')
    expect(await run()).toBe('answer')
    expect(states).toEqual([])
  })

  it('is left alone itself for as long as that says', async () => {
    const { clock, run, fail, ran } = setUp({ toAskedMs: toThrottledMs })
    await fail(1, createStatusFailure(503, 17), 'of-mallory')
    clock.advanceSeconds(16.999)
    expect(await run('of-mallory')).toMatchObject({ retryAfterSeconds: 1 })
    expect(ran()).toBe(0)
    clock.advanceSeconds(0.001)
    expect(await run('of-mallory')).toBe('answer')
  })

  it('is left alone itself after five failures, for a second and then for longer, up to five', async () => {
    const { clock, run, fail } = setUp()
    await fail(4, outage(), 'of-mallory')
    await fail(1, outage(), 'of-mallory')
    for (const seconds of [1, 2, 4, 5, 5]) {
      clock.advanceSeconds(seconds - 0.001)
      expect(await run('of-mallory')).toMatchObject({ reason: 'not asked, since before: no answer' })
      clock.advanceSeconds(0.001)
      await fail(1, outage(), 'of-mallory')
    }
    clock.advanceSeconds(5)
    expect(await run('of-mallory')).toBe('answer')
  })

  it('is asked about four failures long', async () => {
    const { run, fail } = setUp()
    await fail(4, outage(), 'of-mallory')
    expect(await run('of-mallory')).toBe('answer')
    await fail(4, outage(), 'of-mallory')
    expect(await run('of-mallory')).toBe('answer')
  })

  it('counts for the outage of all like any other one', async () => {
    const { run, fail, states } = setUp()
    await fail(3, outage(), 'of-mallory')
    await fail(4)
    expect(await run()).toBeInstanceOf(AuthorizationError)
    expect(states).toEqual(['open'])
  })

  it('takes no probe for itself that the circuit for all does not let pass, nor the other way round', async () => {
    const { clock, run, fail } = setUp({ toAskedMs: toThrottledMs })
    await fail(5, outage(), 'of-mallory')
    await fail(1, createStatusFailure(429, 10))
    clock.advanceSeconds(1)
    expect(await run('of-mallory')).toBeInstanceOf(AuthorizationError)
    clock.advanceSeconds(9)
    // It has not waited for its own probe meanwhile, which was never sent.
    expect(await run('of-mallory')).toBe('answer')

    await fail(1, createStatusFailure(503, 60), 'of-mallory')
    await fail(1, createStatusFailure(429, 10))
    clock.advanceSeconds(10)
    expect(await run('of-mallory')).toMatchObject({ retryAfterSeconds: 50 })
    expect(await run()).toBe('answer')
  })

  it('is forgotten when a thousand others have failed since, and one that was not used goes first', async () => {
    const { breaker, run } = setUp({ isFailure: ({ reason }) => reason === 'no answer' })
    const failOnce = (token: string) => outcomeOf(() => breaker(token, () => Promise.reject(outage(60))))
    await failOnce('of-mallory')
    await run('of-ann')
    for (let n = 0; n < 1_000; n += 1) {
      await failOnce(`of-stranger-${n}`)
      await run('of-ann')
    }
    expect(await run('of-mallory')).toBe('answer')
    expect(await run('of-stranger-999')).toBeInstanceOf(AuthorizationError)
  })
})

describe('a renewal, for which nobody waits', () => {
  const isAwaited = false

  function setUpRenewals(more: Partial<CircuitBreakerOptions> = {}) {
    const made = setUp(more)
    const { breaker, task } = made
    const renew = () => outcomeOf(() => breaker('of-ann', task, isAwaited))
    const failToRenew = async (times: number, error: unknown = outage(), token = 'of-ann') => {
      for (let n = 0; n < times; n += 1) {
        await outcomeOf(() => breaker(token, () => Promise.reject(error), isAwaited))
      }
    }
    return { ...made, renew, failToRenew }
  }

  it('keeps nobody out who waits, however often it fails', async () => {
    const { run, failToRenew, states } = setUpRenewals()
    await failToRenew(50)
    expect(await run()).toBe('answer')
    expect(states).toEqual([])
  })

  it('is left alone itself after five failures, for a second and then for longer', async () => {
    const { renew, failToRenew, clock } = setUpRenewals()
    await failToRenew(5)
    for (const seconds of [1, 2, 4]) {
      clock.advanceSeconds(seconds - 0.001)
      expect(await renew()).toMatchObject({ reason: 'not asked, since before: no answer' })
      clock.advanceSeconds(0.001)
      await failToRenew(1)
    }
    clock.advanceSeconds(5)
    expect(await renew()).toBe('answer')
  })

  it('is tried again at once after an answer to somebody who waits', async () => {
    const { run, renew, failToRenew } = setUpRenewals()
    await failToRenew(5)
    await run()
    expect(await renew()).toBe('answer')
  })

  it('makes up for failures of its token with an answer', async () => {
    const { run, renew, fail } = setUpRenewals()
    await fail(4, outage(), 'of-ann')
    expect(await renew()).toBe('answer')
    await fail(4, outage(), 'of-ann')
    expect(await run()).toBe('answer')
  })

  it('makes its token be left alone for as long as ZITADEL asks for it', async () => {
    const { run, renew, failToRenew, clock } = setUpRenewals({ toAskedMs: toThrottledMs })
    await failToRenew(1, createStatusFailure(503, 17))
    clock.advanceSeconds(16.999)
    expect(await run()).toMatchObject({ retryAfterSeconds: 1 })
    expect(await renew()).toBeInstanceOf(AuthorizationError)
    clock.advanceSeconds(0.001)
    expect(await run()).toBe('answer')
  })

  it('is no probe for its token: whoever waits is', async () => {
    const { run, renew, fail, clock, ran } = setUpRenewals()
    await fail(5, outage(), 'of-ann')
    clock.advanceSeconds(1)
    expect(await renew()).toMatchObject({ reason: 'not asked, since before: no answer', retryAfterSeconds: 1 })
    expect(ran()).toBe(0)
    expect(await run()).toBe('answer')
    expect(await renew()).toBe('answer')
  })

  it('counts for the outage of all as its token does', async () => {
    const { run, fail, failToRenew, states } = setUpRenewals()
    await failToRenew(2)
    await fail(2, outage(), 'of-ann')
    await fail(3)
    expect(states).toEqual([])
    await failToRenew(1, outage(), 'of-bob')
    expect(states).toEqual(['open'])
    expect(await run()).toBeInstanceOf(AuthorizationError)
  })
})
