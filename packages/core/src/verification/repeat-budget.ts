import { copyAuthorizationError, isAuthorizationError } from '../errors/authorization-error.js'
import { BoundedMap } from '../internal/bounded-map.js'
import type { Clock } from '../internal/clock.js'
import { TokenBucket } from '../internal/token-bucket.js'

/** So many extra requests to ZITADEL may one token cause at once, and one more after each such time. */
const allowed = { burst: 5, refillMs: 1_000 }

/** More tokens than that are not refused within a few seconds; a budget that made room for another one is a full one. */
const maxTokens = 10_000

interface Budget {
  readonly bucket: TokenBucket
  /** Why the last extra request got no answer. */
  failure: unknown
}

/** How often ZITADEL may still be asked again about a token before a request that brings it is refused. */
export class RepeatBudget {
  readonly #budgets = new BoundedMap<Budget>({ maxEntries: maxTokens })
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Takes one request off the budget of a token, if there is one left. */
  take(key: string): boolean {
    const budget = this.#budgets.get(key) ?? { bucket: new TokenBucket(allowed, this.#clock), failure: undefined }
    this.#budgets.set(key, budget)
    const isAllowed = budget.bucket.take()
    if (isAllowed) budget.failure = undefined
    return isAllowed
  }

  /** Remembers that the request that was taken last got no answer. */
  fail(key: string, failure: unknown): void {
    const budget = this.#budgets.get(key)
    if (budget !== undefined) budget.failure = failure
  }

  /** Throws why the request that was taken last got no answer, if it got none: there is nothing newer to refuse on. */
  throwFailure(key: string): void {
    const failure = this.#budgets.get(key)?.failure
    if (isAuthorizationError(failure)) throw copyAuthorizationError(failure)
  }
}
