import type { Clock } from './clock.js'

/** An end to waiting. */
export interface Deadline {
  /** Whether it has come. */
  readonly isOver: boolean
  /** Tells whoever works that nobody waits any more. Made when it is asked for, since it costs more than a callback. */
  readonly signal: AbortSignal
  /** Calls back when it comes, or at once when it has come, with the error of those who waited. */
  whenOver(stop: (error: Error) => void): void
  /** Waits for a promise, and no longer than this: what works is asked to stop, and not trusted to. */
  race<Result>(work: Promise<Result>): Promise<Result>
  /** Ends the deadline, once there is nothing more to wait for. */
  clear(): void
}

/**
 * Makes a {@link Deadline}.
 *
 * @param clock - the time
 * @param ms - how long to wait
 * @param toError - makes the error of a wait that has come to its end
 */
export function createDeadline(clock: Pick<Clock, 'after'>, ms: number, toError: () => Error): Deadline {
  const listeners: ((error: Error) => void)[] = []
  let controller: AbortController | undefined
  let error: Error | undefined
  const expired = new Promise<never>((_resolve, reject) => {
    listeners.push(reject)
  })
  // Nobody need be waiting.
  expired.catch(() => {})
  const clear = clock.after(ms, () => {
    const reason = toError()
    error = reason
    for (const tell of listeners) tell(reason)
  })

  function whenOver(stop: (error: Error) => void): void {
    if (error === undefined) listeners.push(stop)
    else stop(error)
  }

  return {
    get isOver() {
      return error !== undefined
    },
    get signal() {
      if (controller === undefined) {
        const made = new AbortController()
        controller = made
        whenOver((reason) => made.abort(reason))
      }
      return controller.signal
    },
    whenOver,
    race: (work) => Promise.race([work, expired]),
    clear,
  }
}
