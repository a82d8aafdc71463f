import { describe, expect, it, vi } from 'vitest'
import { createDeferred } from '../../test/deferred.js'
import { authorizationError, outcomeOf } from '../../test/expected-errors.js'
import { createManualClock } from '../../test/manual-clock.js'
import { createConcurrencyLimit } from './concurrency-limit.js'

function setUp() {
  const clock = createManualClock()
  const limit = createConcurrencyLimit({ maxWaitMs: 5_000, clock })
  const gate = createDeferred<string>()
  const started = vi.fn<(n: number) => void>()
  const held = (count: number) =>
    Array.from({ length: count }, (_, n) =>
      outcomeOf(() =>
        limit(() => {
          started(n)
          return gate.promise
        }),
      ),
    )
  return { limit, gate, started, held, clock }
}

/** Lets every microtask that is due run. */
const settle = () => new Promise((resolve) => setImmediate(resolve))

describe('createConcurrencyLimit', () => {
  it('runs fifty tasks at once, and the others in turn', async () => {
    const { gate, started, held } = setUp()
    const tasks = held(60)
    await settle()
    expect(started).toHaveBeenCalledTimes(50)
    gate.resolve('done')
    expect(new Set(await Promise.all(tasks))).toEqual(new Set(['done']))
    expect(started.mock.calls.map(([n]) => n)).toEqual(Array.from({ length: 60 }, (_, n) => n))
  })

  it('refuses the one that would be the 501st to wait', async () => {
    const { limit, gate, held } = setUp()
    const tasks = held(550)
    await settle()
    expect(await outcomeOf(() => limit(async () => 'late'))).toEqual(
      authorizationError('ERR_PROVIDER_UNAVAILABLE', 'too many tokens are waiting to be verified', {
        retryAfterSeconds: 1,
      }),
    )
    gate.resolve('done')
    await Promise.all(tasks)
  })

  it('refuses whoever comes to their turn too late, all at once, and goes on with the next', async () => {
    const { limit, gate, started, held, clock } = setUp()
    const tasks = held(60)
    await settle()
    clock.advanceSeconds(4)
    const later = outcomeOf(() => limit(async () => 'in time'))
    clock.advanceSeconds(2)
    gate.resolve('done')
    const refused = authorizationError('ERR_PROVIDER_UNAVAILABLE', 'too many tokens are waiting to be verified')
    expect(await Promise.all(tasks)).toEqual([
      ...Array.from({ length: 50 }, () => 'done'),
      ...Array.from({ length: 10 }, () => refused),
    ])
    expect(await later).toBe('in time')
    expect(started).toHaveBeenCalledTimes(50)
  })

  it('gives the place of a task that fails to the next', async () => {
    const { limit, gate, started, held } = setUp()
    const tasks = held(51)
    await settle()
    gate.reject(new Error('no answer'))
    await Promise.all(tasks)
    expect(started).toHaveBeenCalledTimes(51)
    expect(await limit(async () => 'free again')).toBe('free again')
  })
})
