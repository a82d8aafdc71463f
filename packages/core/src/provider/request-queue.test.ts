import process from 'node:process'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { createDeferred, type Deferred } from '../../test/deferred.js'
import { authorizationError, outcomeOf } from '../../test/expected-errors.js'
import { createManualClock } from '../../test/manual-clock.js'
import { type AuthorizationError, isOverload } from '../errors/authorization-error.js'
import { createRequestQueue, type Priority } from './request-queue.js'

/** Lets every microtask that is due run. */
const settle = () => new Promise((resolve) => setImmediate(resolve))

const refused = authorizationError('ERR_PROVIDER_UNAVAILABLE', 'too many tokens are waiting to be verified', {
  retryAfterSeconds: 1,
})

function setUp({ maxRunning = 1, maxWaiting = 3 } = {}) {
  const clock = createManualClock()
  const queue = createRequestQueue({ maxRunning, maxWaiting, maxWaitMs: 5_000, clock })
  const started: string[] = []
  const refusals: string[] = []
  const gates = new Map<string, Deferred<string>>()
  const outcomes = new Map<string, Promise<unknown>>()
  /** Adds a task that runs until it is let go. */
  function add(name: string, priority: Priority = 'new'): void {
    const gate = createDeferred<string>()
    gates.set(name, gate)
    const outcome = queue(() => {
      started.push(name)
      return gate.promise
    }, priority).catch((error: unknown) => {
      refusals.push(name)
      return error
    })
    outcomes.set(name, outcome)
  }
  const ended = (name: string) => outcomes.get(name)
  /** Ends the task that started last, so that the next one starts, until nobody waits. */
  async function drain() {
    for (let seen = 0; seen < started.length; seen += 1) {
      gates.get(started[seen] ?? '')?.resolve('done')
      await settle()
    }
    return started
  }
  return { clock, queue, add, started, refusals, gates, drain, ended }
}

describe('createRequestQueue', () => {
  it('runs so many tasks at once, and no more', async () => {
    const { add, started, gates } = setUp({ maxRunning: 2 })
    for (const name of ['a', 'b', 'c']) add(name)
    await settle()
    expect(started).toEqual(['a', 'b'])
    gates.get('b')?.resolve('done')
    await settle()
    expect(started).toEqual(['a', 'b', 'c'])
  })

  it('gives the place of a task that fails to the next', async () => {
    const { add, queue, gates, started, ended } = setUp()
    add('a')
    add('b')
    const failure = new Error('no answer')
    gates.get('a')?.reject(failure)
    expect(await ended('a')).toBe(failure)
    await settle()
    expect(started).toEqual(['a', 'b'])
    gates.get('b')?.resolve('done')
    await settle()
    expect(await queue(async () => 'free again', 'new')).toBe('free again')
  })

  it('serves tokens that were good before first, as they came, and of the others the newest', async () => {
    const { add, drain } = setUp({ maxWaiting: 10 })
    add('running')
    for (const [name, priority] of [
      ['background 1', 'background'],
      ['new 1', 'new'],
      ['likely 1', 'likely'],
      ['known 1', 'known'],
      ['background 2', 'background'],
      ['new 2', 'new'],
      ['likely 2', 'likely'],
      ['known 2', 'known'],
    ] as const) {
      add(name, priority)
    }
    expect(await drain()).toEqual([
      'running',
      ...['known 1', 'known 2', 'likely 2', 'likely 1', 'new 2', 'new 1', 'background 2', 'background 1'],
    ])
  })

  for (const [what, waiting, comes, out] of [
    ['the oldest background task', ['background', 'background', 'known'], 'background', 'background 0'],
    ['a background task', ['background', 'new', 'known'], 'new', 'background 0'],
    ['a new one before a likely one', ['likely', 'new', 'known'], 'known', 'new 1'],
    ['the oldest new one', ['new', 'new', 'likely'], 'new', 'new 0'],
    ['a likely one', ['likely', 'known', 'likely'], 'known', 'likely 0'],
    ['the oldest likely one', ['known', 'likely', 'likely'], 'likely', 'likely 1'],
    ['itself, where all others were good before', ['known', 'known', 'known'], 'known', 'comes'],
    ['itself, where all others go first', ['likely', 'known', 'likely'], 'new', 'comes'],
    ['itself in the background', ['new', 'known', 'new'], 'background', 'comes'],
  ] as const) {
    it(`refuses ${what} when it is full`, async () => {
      const { add, refusals, drain, started, ended } = setUp()
      add('running')
      for (const [n, priority] of waiting.entries()) add(`${priority} ${n}`, priority)
      add('comes', comes)
      await settle()
      expect(refusals).toEqual([out])
      if (out === 'comes') expect(await ended('comes')).toEqual(refused)
      await drain()
      expect(started).toHaveLength(4)
      expect(started).not.toContain(out)
    })
  }

  it('marks a refusal as one of this process', async () => {
    const { add, ended } = setUp({ maxWaiting: 1 })
    for (const name of ['running', 'waiting', 'comes']) add(name, 'known')
    expect(isOverload((await ended('comes')) as AuthorizationError)).toBe(true)
  })

  it('refuses each after its own wait, without anybody being served', async () => {
    const { add, clock, refusals, ended } = setUp()
    add('running')
    add('first')
    clock.advanceSeconds(2)
    add('second', 'known')
    clock.advanceSeconds(2.999)
    await settle()
    expect(refusals).toEqual([])
    clock.advanceSeconds(0.001)
    expect(await ended('first')).toEqual(refused)
    expect(refusals).toEqual(['first'])
    clock.advanceSeconds(2)
    expect(await ended('second')).toEqual(refused)
  })

  it('passes over those who have left, and has room for others', async () => {
    const { add, clock, drain, refusals } = setUp()
    add('running')
    for (const name of ['a', 'b', 'c']) add(name)
    clock.advanceSeconds(5)
    await settle()
    for (const name of ['d', 'e', 'f']) add(name, 'known')
    expect(await drain()).toEqual(['running', 'd', 'e', 'f'])
    expect(refusals).toEqual(['a', 'b', 'c'])
  })

  it('refuses nobody who has been served', async () => {
    const { add, clock, gates, refusals, ended } = setUp()
    add('running')
    add('waiting')
    clock.advanceSeconds(4)
    gates.get('running')?.resolve('done')
    await settle()
    clock.advanceSeconds(60)
    gates.get('waiting')?.resolve('done')
    expect(await ended('waiting')).toBe('done')
    expect(refusals).toEqual([])
  })

  it('serves thousands in their order', async () => {
    const { add, drain } = setUp({ maxWaiting: 5_000 })
    const names = Array.from({ length: 3_000 }, (_, n) => `known ${n}`)
    add('running')
    for (const name of names) add(name, 'known')
    expect(await drain()).toEqual(['running', ...names])
  })

  it('keeps nothing of those who have given up, though newer ones are always served before them', async () => {
    setFlagsFromString('--expose-gc')
    const collectGarbage: () => void = runInNewContext('gc')
    const usedBytes = () => {
      collectGarbage()
      return process.memoryUsage().heapUsed
    }
    const { clock, queue } = setUp({ maxWaiting: 100_000 })
    const comeAndGo = async (rounds: number) => {
      for (let n = 0; n < rounds * 1_000; n += 1) {
        if (n % 1_000 === 0) clock.advanceSeconds(3)
        queue(() => new Promise(() => {}), 'new').catch(() => {})
      }
      await settle()
    }
    await comeAndGo(3)
    const before = usedBytes()
    await comeAndGo(30)
    // Some twenty megabytes otherwise.
    expect(usedBytes() - before).toBeLessThan(4_000_000)
  })
})

describe('the order of the queue', () => {
  const ranks: readonly Priority[] = ['known', 'likely', 'new', 'background']
  interface Waiting {
    readonly name: string
    readonly priority: Priority
    readonly untilMs: number
  }

  /** Who is served first comes first. */
  function inOrder(waiting: readonly Waiting[]): readonly Waiting[] {
    return ranks.flatMap((priority) => {
      const line = waiting.filter((one) => one.priority === priority)
      return priority === 'known' ? line : line.toReversed()
    })
  }

  const step = fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...ranks) },
    { weight: 3, arbitrary: fc.constant('end' as const) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 3_000 }) },
  )

  it('is that of a plain list, whatever comes and goes', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 60 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 2 }),
        async (steps, maxWaiting, maxRunning) => {
          const { add, clock, gates, started, refusals } = setUp({ maxRunning, maxWaiting })
          const [expected, gone, running]: [string[], string[], string[]] = [[], [], []]
          let waiting: readonly Waiting[] = []
          let nowMs = 0
          for (const [n, what] of steps.entries()) {
            const name = `${what} ${n}`
            if (typeof what === 'number') {
              nowMs += what
              clock.advanceSeconds(what / 1_000)
              gone.push(...waiting.filter(({ untilMs }) => untilMs <= nowMs).map((one) => one.name))
              waiting = waiting.filter(({ untilMs }) => untilMs > nowMs)
            } else if (what === 'end') {
              const ended = running.shift()
              if (ended === undefined) continue
              gates.get(ended)?.resolve('done')
              const [next] = inOrder(waiting)
              if (next !== undefined) {
                expected.push(next.name)
                running.push(next.name)
                waiting = waiting.filter((one) => one !== next)
              }
            } else {
              add(name, what)
              const comes = { name, priority: what, untilMs: nowMs + 5_000 }
              if (running.length < maxRunning) {
                expected.push(name)
                running.push(name)
              } else {
                waiting = [...waiting, comes]
                const out = waiting.length > maxWaiting ? inOrder(waiting).at(-1) : undefined
                if (out !== undefined) gone.push(out.name)
                waiting = waiting.filter((one) => one !== out)
              }
            }
            await settle()
          }
          expect(started).toEqual(expected)
          expect([...refusals].sort()).toEqual([...gone].sort())
        },
      ),
      { numRuns: 300 },
    ))
})

describe('a refusal', () => {
  it('is thrown, and the task never runs', async () => {
    const { add, queue } = setUp({ maxWaiting: 1 })
    add('running')
    add('waiting', 'known')
    const task = vi.fn(async () => 'never')
    expect(await outcomeOf(() => queue(task, 'new'))).toEqual(refused)
    expect(task).not.toHaveBeenCalled()
  })
})
