import { describe, expect, it, vi } from 'vitest'
import { createDeferred } from '../../test/deferred.js'
import { authorizationError, outcomeOf } from '../../test/expected-errors.js'
import { AuthorizationError } from '../errors/authorization-error.js'
import { createSingleFlight } from '../internal/single-flight.js'
import { createNextFlights } from './next-flights.js'

function setUp() {
  const flights = createSingleFlight<string>()
  const nexts = createNextFlights(flights)
  const ask = vi.fn(async () => `answer ${ask.mock.calls.length}`)
  const run = (key = 'a') => nexts.run(key, () => flights.restart(key, ask))
  return { flights, nexts, ask, run, asked: () => ask.mock.calls.length }
}

describe('createNextFlights', () => {
  it('asks at once where nothing is under way', async () => {
    const { run, asked } = setUp()
    const pending = run()
    expect(asked()).toBe(1)
    expect(await pending).toBe('answer 1')
    expect(await run()).toBe('answer 2')
  })

  it('asks exactly twice for two waves', async () => {
    const { run, ask, asked } = setUp()
    const before = createDeferred<string>()
    ask.mockReturnValueOnce(before.promise)
    const first = run()
    const second = [run(), run(), run()]
    before.resolve('before')
    second.push(run())
    expect(await first).toBe('before')
    expect(new Set(await Promise.all(second))).toEqual(new Set(['answer 2']))
    expect(asked()).toBe(2)
  })

  it('asks once more for those who come while the second question is under way', async () => {
    const { run, ask, asked } = setUp()
    const questions = [createDeferred<string>(), createDeferred<string>()] as const
    for (const question of questions) ask.mockReturnValueOnce(question.promise)
    const first = run()
    const second = run()
    questions[0].resolve('first')
    await first
    await vi.waitFor(() => expect(asked()).toBe(2))
    const third = [run(), run()]
    questions[1].resolve('second')
    expect(await second).toBe('second')
    expect(await Promise.all(third)).toEqual(['answer 3', 'answer 3'])
    expect(asked()).toBe(3)
  })

  it('asks about other keys at once', async () => {
    const { run, ask } = setUp()
    ask.mockReturnValueOnce(new Promise(() => {}))
    const lost = run('a')
    expect(await run('b')).toBe('answer 2')
    expect(lost).toBeInstanceOf(Promise)
  })

  it('asks though the question before has failed, and shares a failure as errors of their own', async () => {
    const { run, ask } = setUp()
    const before = createDeferred<string>()
    const failure = new AuthorizationError('ERR_PROVIDER_UNAVAILABLE', 'second')
    ask.mockReturnValueOnce(before.promise).mockRejectedValueOnce(failure)
    const first = outcomeOf(() => run())
    await Promise.resolve()
    const second = [run(), run()].map((waiting) => waiting.catch((error: unknown) => error))
    before.reject(new Error('first'))
    expect(await first).toEqual(new Error('first'))
    const errors = await Promise.all(second)
    expect(errors).toEqual(errors.map(() => authorizationError('ERR_PROVIDER_UNAVAILABLE', 'second')))
    expect(new Set([...errors, failure]).size).toBe(3)
    expect(await run()).toBe('answer 3')
  })
})
