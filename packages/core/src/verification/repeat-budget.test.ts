import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { authorizationError, outcomeOf } from '../../test/expected-errors.js'
import { createManualClock } from '../../test/manual-clock.js'
import { AuthorizationError } from '../errors/authorization-error.js'
import { RepeatBudget } from './repeat-budget.js'

function setUp() {
  const clock = createManualClock()
  const budget = new RepeatBudget(clock)
  /** Tries so many times, and gives how many succeeded. */
  const take = (times: number, key = 'ann') =>
    Array.from({ length: times }, () => budget.take(key)).filter(Boolean).length
  return { clock, budget, take }
}

const unavailable = () => new AuthorizationError('ERR_PROVIDER_UNAVAILABLE', 'no answer')

describe('take', () => {
  it('succeeds five times at once', () => expect(setUp().take(20)).toBe(5))

  it('succeeds once more with each second, and not a moment before', () => {
    const { clock, take } = setUp()
    take(5)
    clock.advanceSeconds(0.999)
    expect(take(1)).toBe(0)
    clock.advanceSeconds(0.001)
    expect(take(2)).toBe(1)
    clock.advanceSeconds(2.5)
    expect(take(9)).toBe(2)
    clock.advanceSeconds(0.5)
    expect(take(9)).toBe(1)
  })

  it('succeeds five times at once after any time', () => {
    const { clock, take } = setUp()
    take(5)
    clock.advanceSeconds(86_400)
    expect(take(20)).toBe(5)
  })

  it('counts each token by itself', () => {
    const { take } = setUp()
    take(20, 'ann')
    expect(take(20, 'bob')).toBe(5)
  })

  it('counts no time when the clock is set, and goes on from there', () => {
    const { clock, take } = setUp()
    take(4)
    clock.setNowSeconds(-3_600)
    expect(take(20)).toBe(1)
    clock.setNowSeconds(7_200)
    expect(take(20)).toBe(0)
    clock.advanceSeconds(1)
    expect(take(20)).toBe(1)
  })

  it('remembers ten thousand tokens, and takes those it has forgotten for new ones', () => {
    const { take } = setUp()
    take(1, 'kept')
    for (let n = 1; n < 10_000; n += 1) take(1, `other-${n}`)
    expect(take(1, 'kept')).toBe(1)
    for (let n = 1; n < 10_000; n += 1) take(1, `another-${n}`)
    expect([take(20, 'kept'), take(20, 'other-1')]).toEqual([3, 5])
  })

  const moves = fc.array(
    fc.oneof(
      { weight: 3, arbitrary: fc.constant(0) },
      { weight: 2, arbitrary: fc.integer({ min: 0, max: 3_000 }) },
      { weight: 1, arbitrary: fc.integer({ min: -10_000, max: 10_000 }) },
    ),
    { maxLength: 60 },
  )

  it('succeeds no more often than five times and once a second, however the clock goes, in any stretch of time', () =>
    fc.assert(
      fc.property(moves, (movesMs) => {
        const { clock, take } = setUp()
        const steps = movesMs.map((ms) => {
          clock.advanceSeconds(ms / 1_000)
          return { seconds: Math.max(0, ms) / 1_000, taken: take(1) }
        })
        for (const start of steps.keys()) {
          const [first, ...later] = steps.slice(start)
          const taken = later.reduce((sum, step) => sum + step.taken, first?.taken ?? 0)
          const seconds = later.reduce((sum, step) => sum + step.seconds, 0)
          expect(taken).toBeLessThanOrEqual(5 + seconds + 1e-9)
        }
      }),
      { numRuns: 500 },
    ))

  it('succeeds whenever a second has passed, whatever was before', () =>
    fc.assert(
      fc.property(moves, (movesMs) => {
        const { clock, take } = setUp()
        for (const ms of movesMs) {
          clock.advanceSeconds(Math.abs(ms) / 1_000)
          take(7)
        }
        clock.advanceSeconds(1)
        expect(take(1)).toBe(1)
      }),
      { numRuns: 500 },
    ))
})

describe('throwFailure', () => {
  it('throws nothing where the last request got an answer', () => {
    const { budget, take } = setUp()
    expect(budget.throwFailure('ann')).toBeUndefined()
    take(1)
    expect(budget.throwFailure('ann')).toBeUndefined()
  })

  it('says to each why the last request got no answer, by an error of its own', async () => {
    const { budget, take } = setUp()
    take(1)
    const failure = unavailable()
    budget.fail('ann', failure)
    const errors = [
      failure,
      await outcomeOf(() => budget.throwFailure('ann')),
      await outcomeOf(() => budget.throwFailure('ann')),
    ]
    expect(errors).toEqual(errors.map(() => authorizationError('ERR_PROVIDER_UNAVAILABLE', 'no answer')))
    expect(new Set(errors).size).toBe(3)
  })

  it('says nothing of another token', () => {
    const { budget, take } = setUp()
    for (const key of ['ann', 'bob']) take(1, key)
    budget.fail('ann', unavailable())
    expect(budget.throwFailure('bob')).toBeUndefined()
  })

  it('says nothing any more when another request was taken', () => {
    const { budget, take } = setUp()
    take(1)
    budget.fail('ann', unavailable())
    take(1)
    expect(budget.throwFailure('ann')).toBeUndefined()
  })

  it('says nothing of what is none of this library', () => {
    const { budget, take } = setUp()
    take(1)
    budget.fail('ann', new Error('a bug'))
    expect(budget.throwFailure('ann')).toBeUndefined()
  })

  it('says nothing where nothing was taken', () => {
    const { budget } = setUp()
    budget.fail('ann', unavailable())
    expect(budget.throwFailure('ann')).toBeUndefined()
  })
})
