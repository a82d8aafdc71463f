import { AuthorizationError, copyAuthorizationError, isAuthorizationError } from '../errors/authorization-error.js'
import { type Clock, systemClock } from './clock.js'
import { createDeadline } from './deadline.js'
import { createMoments, type Moments } from './moments.js'
import { outliveRequest } from './outlive-request.js'

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

/** What {@link createSingleFlight} takes. */
export interface SingleFlightOptions {
  /** Tells what came first; shared where flights of two kinds are compared. */
  readonly moments?: Moments
  readonly clock?: Clock
  /**
   * How long something may take that many wait for: after that nobody waits any more, and the next caller starts anew. A runtime
   * may end the request that has started it, and its work with it. Default: for ever.
   */
  readonly maxFlightMs?: number
}

interface Started<Result> extends Flight<Result> {
  readonly atMs: number
}

/** Makes a {@link SingleFlight}. */
export function createSingleFlight<Result>({
  moments = createMoments(),
  clock = systemClock,
  maxFlightMs = Number.POSITIVE_INFINITY,
}: SingleFlightOptions = {}): SingleFlight<Result> {
  const flights = new Map<string, Started<Result>>()

  function start(key: string, task: Task<Result>): Promise<Result> {
    const isCurrent = (): boolean => flights.get(key) === flight
    const [startedAt, atMs] = [moments.next(), clock.elapsed()]
    // The task runs up to its first await before there is a flight to ask for: nothing is kept by then.
    const result = task(isCurrent).finally(() => {
      if (isCurrent()) flights.delete(key)
    })
    const flight: Started<Result> = { startedAt, atMs, join: () => endIn(maxFlightMs, result).catch(throwCopy) }
    flights.set(key, flight)
    outliveRequest(result)
    return result
  }

  function endIn(ms: number, result: Promise<Result>): Promise<Result> {
    if (ms === Number.POSITIVE_INFINITY) return result
    const deadline = createDeadline(clock, ms, createTooLate)
    return deadline.race(result).finally(deadline.clear)
  }

  function find(key: string): Started<Result> | undefined {
    const flight = flights.get(key)
    return flight !== undefined && clock.elapsed() - flight.atMs < maxFlightMs ? flight : undefined
  }

  return {
    run: (key, task) => find(key)?.join() ?? start(key, task),
    restart: start,
    find,
    outdateAll: () => flights.clear(),
  }
}

/** Throws an error of one's own in the place of one that many get. */
export function throwCopy(error: unknown): never {
  throw isAuthorizationError(error)
    ? copyAuthorizationError(error)
    : new Error('a shared task failed', { cause: error })
}

function createTooLate(): AuthorizationError {
  return new AuthorizationError('ERR_PROVIDER_UNAVAILABLE', 'a request to ZITADEL that others wait for too did not end')
}
