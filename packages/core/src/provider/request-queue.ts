import { AuthorizationError, markOverload } from '../errors/authorization-error.js'
import type { Clock } from '../internal/clock.js'

/**
 * Who goes first when there is not room for all: tokens that were good before, then new ones that look like those, then any
 * others, and last what nobody waits for.
 */
export type Priority = 'known' | 'likely' | 'new' | 'background'

/** Runs a task when there is room for it. */
export type RequestQueue = <Result>(task: () => Promise<Result>, priority: Priority) => Promise<Result>

/** What {@link createRequestQueue} takes. */
export interface RequestQueueOptions {
  /** How many tasks run at once. */
  readonly maxRunning: number
  /** How many wait for their turn. */
  readonly maxWaiting: number
  /** How long one waits at the most. */
  readonly maxWaitMs: number
  readonly clock: Clock
  /** Hears how many run and wait, whenever that has changed. */
  readonly onChange?: (running: number, waiting: number) => void
}

interface Waiter {
  readonly admit: () => void
  readonly refuse: () => void
  hasLeft: boolean
}

/**
 * Makes a queue: so many tasks run at once and so many wait, and no more than that, so that a flood of tokens nobody
 * has seen costs neither ZITADEL nor this process more than it can bear. Among tokens that were good before the first to come
 * is the first to be served; among the others the last, since in a flood whoever has waited for long has given up. When the
 * queue is full, whoever would be served last makes room.
 *
 * @returns a function that throws `ERR_PROVIDER_UNAVAILABLE` when too many are waiting, or for too long
 */
export function createRequestQueue(options: RequestQueueOptions): RequestQueue {
  const { maxRunning, maxWaiting, maxWaitMs, clock, onChange = () => {} } = options
  const lines = { known: new Line(), likely: new Line(), new: new Line(), background: new Line() }
  const inOrder: readonly Priority[] = ['known', 'likely', 'new', 'background']
  const lastFirst: readonly Priority[] = [...inOrder].reverse()
  let running = 0
  let waiting = 0
  const tell = (): void => onChange(running, waiting)

  function wait(priority: Priority): Promise<void> {
    if (waiting >= maxWaiting && !makeRoom(priority)) throw tooMany()
    return new Promise((resolve, reject) => {
      const end = (waiter: Waiter, settle: () => void): void => {
        waiter.hasLeft = true
        waiting -= 1
        tell()
        stop()
        settle()
      }
      const waiter: Waiter = {
        admit: () => end(waiter, resolve),
        refuse: () => end(waiter, () => reject(tooMany())),
        hasLeft: false,
      }
      const stop = clock.after(maxWaitMs, () => {
        waiter.refuse()
        lines[priority].trim()
      })
      waiting += 1
      tell()
      lines[priority].add(waiter)
    })
  }

  /** Refuses whoever would be served last, if that is not the one who comes. */
  function makeRoom(priority: Priority): boolean {
    for (const other of lastFirst) {
      // Among tokens that were good before nobody makes room for one who came later.
      if (other === priority && priority === 'known') return false
      const last = lines[other].takeOldest()
      if (last !== undefined) {
        last.refuse()
        return true
      }
      if (other === priority) return false
    }
    return false
  }

  /** Hands the place to whoever is next, or gives it up. */
  function leave(): void {
    for (const priority of inOrder) {
      const next = priority === 'known' ? lines.known.takeOldest() : lines[priority].takeNewest()
      if (next !== undefined) {
        next.admit()
        return
      }
    }
    running -= 1
    tell()
  }

  return async (task, priority) => {
    if (running < maxRunning) {
      running += 1
      tell()
    } else await wait(priority)
    try {
      return await task()
    } finally {
      leave()
    }
  }
}

/** So many that were taken from the front are let go of at once. */
const takenAtOnce = 1_000

/** Those who wait with one priority. Who has left is passed over when their turn comes. */
class Line {
  #waiters: Waiter[] = []
  /** How many of the front have been taken. */
  #taken = 0

  add(waiter: Waiter): void {
    this.#waiters.push(waiter)
  }

  takeNewest(): Waiter | undefined {
    for (;;) {
      const waiter = this.#waiters.length > this.#taken ? this.#waiters.pop() : undefined
      if (waiter === undefined || !waiter.hasLeft) return waiter
    }
  }

  takeOldest(): Waiter | undefined {
    for (;;) {
      const waiter = this.#waiters[this.#taken]
      if (waiter !== undefined) this.#taken += 1
      if (this.#taken >= takenAtOnce || this.#taken === this.#waiters.length) this.#letGo()
      if (waiter === undefined || !waiter.hasLeft) return waiter
    }
  }

  /** Lets go of those at the front who have left: where the newest are served first, their turn may never come. */
  trim(): void {
    while (this.#waiters[this.#taken]?.hasLeft === true) this.#taken += 1
    if (this.#taken >= takenAtOnce || this.#taken === this.#waiters.length) this.#letGo()
  }

  #letGo(): void {
    this.#waiters.splice(0, this.#taken)
    this.#taken = 0
  }
}

function tooMany(): AuthorizationError {
  return markOverload(
    new AuthorizationError('ERR_PROVIDER_UNAVAILABLE', 'too many tokens are waiting to be verified', {
      retryAfterSeconds: 1,
    }),
  )
}
