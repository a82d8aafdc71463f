import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Clock } from '@org/zitadel-auth'

/** Time that passes as fast as the events in it: minutes of load take seconds, and come out the same on any machine. */
export interface Simulation {
  readonly clock: Clock
  /** Milliseconds since the start. */
  now(): number
  /** Runs something after so many milliseconds. */
  after(ms: number, run: () => void): () => void
  /** Resolves after so many milliseconds. */
  sleep(ms: number): Promise<void>
  /** Lets time pass until then, and everything happen that is due. */
  runUntil(ms: number): Promise<void>
  /** Lets time pass until something has ended. */
  runWhile<Result>(work: Promise<Result>): Promise<Result>
}

interface Event {
  readonly atMs: number
  readonly number: number
  /** Undefined once it was cancelled: what it would have held on to is let go of, as a timer does. */
  run: (() => void) | undefined
}

const startMs = Date.UTC(2026, 0, 1)

/** What an event, or a request, leads to, such as the reading of an answer, is done after so many turns. */
const turnsOfEvent = 5

/** So many turns without an event are enough for what has no time of its own, such as a signature. */
const patience = 50

/** Makes a {@link Simulation}. */
export function createSimulation(): Simulation {
  const events = new EventQueue()
  let nowMs = 0
  let count = 0

  function after(ms: number, run: () => void): () => void {
    count += 1
    const event: Event = { atMs: nowMs + Math.max(0, ms), number: count, run }
    events.add(event)
    return () => {
      event.run = undefined
    }
  }
  const sleep = (ms: number): Promise<void> => new Promise((resolve) => after(ms, resolve))

  async function step(untilMs: number): Promise<boolean> {
    const next = events.takeUntil(untilMs)
    if (next === undefined) return false
    nowMs = Math.max(nowMs, next.atMs)
    if (next.run !== undefined) {
      next.run()
      await settle()
    }
    return true
  }

  return {
    clock: { now: () => startMs + nowMs, elapsed: () => nowMs, sleep, after },
    now: () => nowMs,
    after,
    sleep,
    async runUntil(ms) {
      // What has just begun has yet to say what it waits for.
      await settle()
      while (await step(ms)) {
        // Until nothing is due.
      }
      nowMs = ms
    },
    async runWhile(work) {
      let hasEnded = false
      const end = (): void => {
        hasEnded = true
      }
      work.then(end, end)
      for (let turns = 0; !hasEnded; turns += 1) {
        await nextTurn()
        if (turns > patience && !hasEnded) {
          turns = 0
          await step(Number.POSITIVE_INFINITY)
        }
      }
      return work
    },
  }
}

/** Lets everything happen that takes no time. */
async function settle(): Promise<void> {
  for (let turns = 0; turns < turnsOfEvent; turns += 1) await nextTurn()
}

/** A heap: the earliest first, and what was added first of what is due together. */
class EventQueue {
  readonly #heap: Event[] = []

  add(event: Event): void {
    const heap = this.#heap
    let at = heap.push(event) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!isEarlier(event, heap[parent] as Event)) break
      heap[at] = heap[parent] as Event
      at = parent
    }
    heap[at] = event
  }

  takeUntil(untilMs: number): Event | undefined {
    const first = this.#heap[0]
    if (first === undefined || first.atMs > untilMs) return undefined
    const last = this.#heap.pop() as Event
    if (last !== first) this.#sink(last)
    return first
  }

  #sink(event: Event): void {
    const heap = this.#heap
    let at = 0
    for (;;) {
      const left = 2 * at + 1
      const right = left + 1
      const isRight = right < heap.length && isEarlier(heap[right] as Event, heap[left] as Event)
      const child = isRight ? right : left
      if (child >= heap.length || !isEarlier(heap[child] as Event, event)) break
      heap[at] = heap[child] as Event
      at = child
    }
    heap[at] = event
  }
}

function isEarlier(one: Event, other: Event): boolean {
  return one.atMs < other.atMs || (one.atMs === other.atMs && one.number < other.number)
}
