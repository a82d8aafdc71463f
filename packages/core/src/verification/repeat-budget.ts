import { copyAuthorizationError, isAuthorizationError } from '../errors/authorization-error.js'
import { BoundedMap } from '../internal/bounded-map.js'
import type { Clock } from '../internal/clock.js'

/** So many extra requests to ZITADEL may one token cause at once, */
const burst = 5
/** and one more after each such time. */
const refillMs = 1_000

/** More tokens than that are not refused within a few seconds; a budget that made room for another one is a full one. */
const maxTokens = 10_000

interface Spent {
  left: number
  atMs: number
  /** Why the last extra request got no answer. */
  failure: unknown
}

/** How often ZITADEL may still be asked again about a token before a request that brings it is refused. */
export class RepeatBudget {
  readonly #spent = new BoundedMap<Spent>(maxTokens, () => {})
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Takes one request off the budget of a token, if there is one left. */
  take(key: string): boolean {
    const nowMs = this.#clock.now()
    const { left, atMs } = this.#spent.get(key) ?? { left: burst, atMs: nowMs }
    // A clock that was set back says nothing of the time since.
    const refilled = Math.min(burst, left + Math.max(0, nowMs - atMs) / refillMs)
    if (refilled < 1) return false
    this.#spent.set(key, { left: refilled - 1, atMs: nowMs, failure: undefined })
    return true
  }

  /** Remembers that the request that was taken last got no answer. */
  fail(key: string, failure: unknown): void {
    const spent = this.#spent.get(key)
    if (spent !== undefined) spent.failure = failure
  }

  /** Throws why the request that was taken last got no answer, if it got none: there is nothing newer to refuse on. */
  throwFailure(key: string): void {
    const failure = this.#spent.get(key)?.failure
    if (isAuthorizationError(failure)) throw copyAuthorizationError(failure)
  }
}
