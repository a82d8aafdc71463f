import { AuthorizationError } from '../errors/authorization-error.js'
import type { Clock } from '../internal/clock.js'

/** So many inactive answers in a row, and no other between them, are a reason to doubt. */
const suspiciousAnswers = 5

/** For so long a look at ZITADEL's state counts. */
const lookAgainMs = 10_000

/** What {@link createBelief} takes. */
export interface BeliefOptions {
  /** Tells whether ZITADEL can read its own database: it can't serve its keys without it. */
  readonly isZitadelWorking: () => Promise<boolean>
  readonly clock: Pick<Clock, 'elapsed'>
}

/**
 * Makes the function that doubts inactive answers. A ZITADEL that has lost its database and keeps its instance in a cache says
 * of every token that it is inactive, which would send every user to the login. So when a token that was good turns inactive,
 * or five in a row are, its key endpoint is tried, at most once in ten seconds.
 *
 * @returns a function that throws `ERR_PROVIDER_UNAVAILABLE` when an answer must not be believed
 */
export function createBelief({ isZitadelWorking, clock }: BeliefOptions) {
  let inactiveInRow = 0
  let look: Promise<boolean> | undefined
  let lookedAtMs = Number.NEGATIVE_INFINITY

  function lookAtZitadel(): Promise<boolean> {
    if (look === undefined || clock.elapsed() - lookedAtMs >= lookAgainMs) {
      lookedAtMs = clock.elapsed()
      look = isZitadelWorking()
    }
    return look
  }

  return async (isActive: boolean, wasGood: boolean): Promise<void> => {
    inactiveInRow = isActive ? 0 : inactiveInRow + 1
    const isDoubtful = !isActive && (wasGood || inactiveInRow >= suspiciousAnswers)
    if (!isDoubtful || (await lookAtZitadel())) return
    throw new AuthorizationError(
      'ERR_PROVIDER_UNAVAILABLE',
      'ZITADEL says that tokens are inactive and fails to serve its keys: it may have lost its database, so it is not believed',
    )
  }
}
