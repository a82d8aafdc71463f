import { copyAuthorizationError, isAuthorizationError } from '../errors/authorization-error.js'
import { createMoments, type Moments } from './moments.js'

/** Does something once for all who want it at the same time. Each of them gets an error of their own. */
export interface SingleFlight<Result> {
  /** Runs the task, or joins the one that is under way for the key. */
  run(key: string, task: Task<Result>): Promise<Result>
  /** Runs the task in any case. Later callers join this one, and the one that was under way is outdated. */
  restart(key: string, task: Task<Result>): Promise<Result>
  /** Gives what is under way for the key, and a caller would join. */
  find(key: string): Flight<Result> | undefined
  /** Outdates what is under way: later callers start anew. Those who joined already still get its result. */
  outdateAll(): void
}

/** Something that is under way. */
export interface Flight<Result> {
  /** When it started. */
  readonly startedAt: number
  /** Waits for its result, with others. */
  join(): Promise<Result>
}

/** `isCurrent` tells whether the task is still the latest for its key: the result of an outdated one is not to be kept. */
export type Task<Result> = (isCurrent: () => boolean) => Promise<Result>

/**
 * Makes a {@link SingleFlight}.
 *
 * @param moments - tells what came first; shared where flights of two kinds are compared
 */
export function createSingleFlight<Result>(moments: Moments = createMoments()): SingleFlight<Result> {
  const flights = new Map<string, Flight<Result>>()

  function start(key: string, task: Task<Result>): Promise<Result> {
    const isCurrent = (): boolean => flights.get(key) === flight
    const startedAt = moments.next()
    // The task runs up to its first await before there is a flight to ask for: nothing is kept by then.
    const result = task(isCurrent).finally(() => {
      if (isCurrent()) flights.delete(key)
    })
    const flight: Flight<Result> = { startedAt, join: () => result.catch(throwCopy) }
    flights.set(key, flight)
    return result
  }

  return {
    run: (key, task) => flights.get(key)?.join() ?? start(key, task),
    restart: start,
    find: (key) => flights.get(key),
    outdateAll: () => flights.clear(),
  }
}

function throwCopy(error: unknown): never {
  throw isAuthorizationError(error)
    ? copyAuthorizationError(error)
    : new Error('a shared task failed', { cause: error })
}
