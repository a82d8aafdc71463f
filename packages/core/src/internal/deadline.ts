import type { Clock } from './clock.js'

/** An end to waiting. */
export interface Deadline {
  /** Tells whoever works that nobody waits any more. */
  readonly signal: AbortSignal
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
  const controller = new AbortController()
  let expire = (): void => {}
  const expired = new Promise<never>((_resolve, reject) => {
    expire = () => {
      const error = toError()
      reject(error)
      controller.abort(error)
    }
  })
  // Nobody need be waiting.
  expired.catch(() => {})
  const stop = clock.after(ms, () => expire())
  return { signal: controller.signal, race: (work) => Promise.race([work, expired]), clear: stop }
}
