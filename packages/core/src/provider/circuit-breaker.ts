import { AuthorizationError, isAuthorizationError } from '../errors/authorization-error.js'
import type { Clock } from '../internal/clock.js'

/** What a circuit breaker does with questions: ask them, refuse them unasked, or ask one to see whether it is over. */
export type BreakerState = 'closed' | 'open' | 'half-open'

/** Runs a task, or refuses to. */
export type CircuitBreaker = <Result>(task: () => Promise<Result>) => Promise<Result>

/** So many failures in a row, with no answer between them, are an outage. */
const failuresToOpen = 5

/** Short, so that an API is back soon after its ZITADEL is; long enough that a flood costs a handful of questions. */
const firstOpenMs = 1_000
const longestOpenMs = 5_000

/**
 * Makes a circuit breaker: after five failures in a row, questions are refused unasked for a second, then one is asked.
 * If it fails too the time doubles, up to five seconds; a `Retry-After` of ZITADEL opens the circuit at once, for as
 * long as it says. What is wrong with a token is no failure but an answer.
 *
 * @param options - `clock`: the time; `isFailure`: tells which errors that are not the client's are failures, by default all;
 * `onChange`: hears of every change of state
 * @returns a function that throws what the last failure was, with the time that is left as `retryAfterSeconds`
 */
export function createCircuitBreaker({
  clock,
  isFailure = () => true,
  onChange,
}: {
  readonly clock: Clock
  readonly isFailure?: (error: AuthorizationError) => boolean
  readonly onChange: (state: BreakerState) => void
}): CircuitBreaker {
  let state: BreakerState = 'closed'
  let failuresInRow = 0
  let openedAtMs = 0
  let openMs = 0
  let lastFailure: AuthorizationError | undefined

  function enter(next: BreakerState): void {
    if (state !== next) onChange(next)
    state = next
  }

  /** Lets a question pass, the first one after the time is over as a probe. */
  function requirePassable(): void {
    if (state === 'closed') return
    const ageMs = clock.now() - openedAtMs
    // A clock that was set back says nothing of the age, and the probe will tell.
    const isOver = ageMs < 0 || ageMs >= openMs
    if (state === 'open' && isOver) enter('half-open')
    else throw toRefusal(lastFailure as AuthorizationError, Math.max(1, Math.ceil((openMs - ageMs) / 1_000)))
  }

  function succeed(): void {
    failuresInRow = 0
    openMs = 0
    enter('closed')
  }

  function fail(failure: AuthorizationError): void {
    failuresInRow += 1
    const askedMs = failure.retryAfterSeconds === undefined ? undefined : failure.retryAfterSeconds * 1_000
    // Questions that were under way when it opened say nothing new.
    if (state === 'open' || (state === 'closed' && failuresInRow < failuresToOpen && askedMs === undefined)) return
    lastFailure = failure
    openedAtMs = clock.now()
    openMs = askedMs ?? Math.min(Math.max(firstOpenMs, openMs * 2), longestOpenMs)
    enter('open')
  }

  return async (task) => {
    requirePassable()
    try {
      const result = await task()
      succeed()
      return result
    } catch (error) {
      if (isAuthorizationError(error) && !error.expose && isFailure(error)) fail(error)
      else succeed()
      throw error
    }
  }
}

function toRefusal(cause: AuthorizationError, retryAfterSeconds: number): AuthorizationError {
  return new AuthorizationError(cause.code, `not asked, since before: ${cause.reason}`, { cause, retryAfterSeconds })
}
