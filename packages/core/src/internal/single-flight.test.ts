import { describe, expect, it, vi } from 'vitest'
import { createDeferred } from '../../test/deferred.js'
import { authorizationError, outcomeOf } from '../../test/expected-errors.js'
import { createManualClock } from '../../test/manual-clock.js'
import { AuthorizationError } from '../errors/authorization-error.js'
import { createMoments } from './moments.js'
import { createSingleFlight, type Task } from './single-flight.js'

/** A task that ends when the test says so, and what it was told of being the latest. */
function createTask() {
  const end = createDeferred<string>()
  const isCurrent = vi.fn<() => boolean>()
  const task = vi.fn<Task<string>>((ask) => {
    isCurrent.mockImplementation(ask)
    return end.promise
  })
  return { task, end, isCurrent }
}

describe('run', () => {
  it('does something once for all who want it at the same time', async () => {
    const flights = createSingleFlight<string>()
    const { task, end } = createTask()
    const results = [1, 2, 3].map(() => flights.run('a', task))
    end.resolve('done')
    expect(await Promise.all(results)).toEqual(['done', 'done', 'done'])
    expect(task).toHaveBeenCalledTimes(1)
  })

  it('keeps what has another key apart', async () => {
    const flights = createSingleFlight<string>()
    expect(await Promise.all([flights.run('a', async () => 'a'), flights.run('b', async () => 'b')])).toEqual([
      'a',
      'b',
    ])
  })

  for (const [how, end] of [
    ['well', async () => 'done'],
    ['badly', () => Promise.reject(new Error('a bug'))],
  ] as const) {
    it(`starts anew when it has ended ${how}`, async () => {
      const flights = createSingleFlight<string>()
      const task = vi.fn<Task<string>>(end)
      await outcomeOf(() => flights.run('a', task))
      expect(flights.find('a')).toBeUndefined()
      await outcomeOf(() => flights.run('a', task))
      expect(task).toHaveBeenCalledTimes(2)
    })
  }

  it('gives each of them an error of their own', async () => {
    const flights = createSingleFlight<string>()
    const { task, end } = createTask()
    const outcomes = [1, 2, 3].map(() => outcomeOf(() => flights.run('a', task)))
    const cause = Object.assign(new Error('why'), { code: 'ECONNRESET' })
    end.reject(new AuthorizationError('ERR_PROVIDER_UNAVAILABLE', 'no answer', { cause, retryAfterSeconds: 7 }))
    const errors = await Promise.all(outcomes)
    expect(errors).toEqual(
      errors.map(() =>
        authorizationError('ERR_PROVIDER_UNAVAILABLE', 'no answer', {
          ...{ cause: { name: 'Error', code: 'ECONNRESET' }, retryAfterSeconds: 7, headers: { 'Retry-After': '7' } },
        }),
      ),
    )
    expect(new Set(errors).size).toBe(3)
  })

  it('gives those who joined an error around what is none of this library', async () => {
    const flights = createSingleFlight<string>()
    const { task, end } = createTask()
    const [first, second, third] = [1, 2, 3].map(() => flights.run('a', task))
    const bug = new RangeError('a bug')
    end.reject(bug)
    await expect(first).rejects.toBe(bug)
    const errors = await Promise.all([second, third].map((joined) => outcomeOf(() => joined)))
    expect(errors).toEqual(errors.map(() => new Error('a shared task failed', { cause: bug })))
    expect(errors).toMatchObject([{ cause: bug }, { cause: bug }])
    expect(errors[0]).not.toBe(errors[1])
  })
})

describe('restart', () => {
  it('starts in any case, and outdates what was under way', async () => {
    const flights = createSingleFlight<string>()
    const [before, after] = [createTask(), createTask()]
    const first = flights.run('a', before.task)
    expect(before.isCurrent()).toBe(true)
    const second = flights.restart('a', after.task)
    expect([before.isCurrent(), after.isCurrent()]).toEqual([false, true])
    before.end.resolve('before')
    after.end.resolve('after')
    expect(await Promise.all([first, second])).toEqual(['before', 'after'])
  })

  it('is what later callers join, also when the one before has ended', async () => {
    const flights = createSingleFlight<string>()
    const [before, after] = [createTask(), createTask()]
    const first = flights.run('a', before.task)
    const second = flights.restart('a', after.task)
    before.end.resolve('before')
    await first
    const third = flights.run('a', before.task)
    after.end.resolve('after')
    expect(await Promise.all([second, third])).toEqual(['after', 'after'])
    expect(before.task).toHaveBeenCalledTimes(1)
  })
})

describe('find', () => {
  it('gives what is under way, with an error of its own for whoever joins', async () => {
    const flights = createSingleFlight<string>()
    const { task, end } = createTask()
    const outcomes = [
      outcomeOf(() => flights.run('a', task)),
      outcomeOf(() => flights.find('a')?.join()),
      outcomeOf(() => flights.find('a')?.join()),
    ]
    expect(flights.find('b')).toBeUndefined()
    end.reject(new AuthorizationError('ERR_TOKEN_INVALID', 'not active'))
    const errors = await Promise.all(outcomes)
    expect(errors).toEqual(errors.map(() => authorizationError('ERR_TOKEN_INVALID', 'not active')))
    expect(new Set(errors).size).toBe(3)
  })

  it('tells when it started, between the moments before and after', () => {
    const moments = createMoments()
    const flights = createSingleFlight<string>({ moments })
    const before = moments.next()
    flights.restart('a', createTask().task).catch(() => {})
    const after = moments.next()
    const startedAt = flights.find('a')?.startedAt
    expect(startedAt).toBeGreaterThan(before)
    expect(startedAt).toBeLessThan(after)
  })
})

describe('outdateAll', () => {
  it('lets later callers start anew, and those who joined get the result', async () => {
    const flights = createSingleFlight<string>()
    const { task, end, isCurrent } = createTask()
    const joined = [flights.run('a', task), flights.run('a', task)]
    flights.outdateAll()
    expect([isCurrent(), flights.find('a')]).toEqual([false, undefined])
    expect(await flights.run('a', async () => 'new')).toBe('new')
    end.resolve('old')
    expect(await Promise.all(joined)).toEqual(['old', 'old'])
  })
})

describe('maxFlightMs', () => {
  it('is for ever where it is not given, which takes no timer: one for ever would be over at once', async () => {
    const clock = { ...createManualClock(), after: vi.fn(() => () => {}) }
    const flights = createSingleFlight<string>({ clock })
    const { task, end } = createTask()
    const results = [flights.run('a', task), flights.run('a', task)]
    end.resolve('done')
    expect(await Promise.all(results)).toEqual(['done', 'done'])
    expect(clock.after).not.toHaveBeenCalled()
  })

  const tooLate = authorizationError(
    'ERR_PROVIDER_UNAVAILABLE',
    'a request to ZITADEL that others wait for too did not end',
  )

  it('ends the wait of each who joined by itself, though the task never ends', async () => {
    const clock = createManualClock()
    const flights = createSingleFlight<string>({ clock, maxFlightMs: 1_000 })
    flights.run('a', createTask().task).catch(() => {})
    const first = flights.run('a', createTask().task).catch((error: unknown) => error)
    clock.advanceSeconds(0.5)
    const second = vi.fn<(outcome: unknown) => void>()
    flights.run('a', createTask().task).catch(second)
    clock.advanceSeconds(0.5)
    expect(await first).toEqual(tooLate)
    expect(second).not.toHaveBeenCalled()
    clock.advanceSeconds(0.5)
    await vi.waitFor(() => expect(second).toHaveBeenCalledWith(tooLate))
  })

  it('lets the next start anew, and that one is then the latest', async () => {
    const clock = createManualClock()
    const flights = createSingleFlight<string>({ clock, maxFlightMs: 1_000 })
    const lost = createTask()
    flights.run('a', lost.task).catch(() => {})
    clock.advanceSeconds(0.999)
    expect(flights.find('a')).toBeDefined()
    clock.advanceSeconds(0.001)
    expect(flights.find('a')).toBeUndefined()
    expect(await flights.run('a', async () => 'new')).toBe('new')
    expect(lost.isCurrent()).toBe(false)
  })

  it('does not count a clock that is set', () => {
    const clock = createManualClock()
    const flights = createSingleFlight<string>({ clock, maxFlightMs: 1_000 })
    flights.run('a', createTask().task).catch(() => {})
    clock.setNowSeconds(3_600)
    expect(flights.find('a')).toBeDefined()
  })
})
