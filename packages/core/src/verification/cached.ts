import { type AuthorizationError, isAuthorizationError } from '../errors/authorization-error.js'
import type { Clock } from '../internal/clock.js'
import { type Publish, silent } from '../internal/diagnostics.js'
import { createMoments } from '../internal/moments.js'
import { createSingleFlight, type Task } from '../internal/single-flight.js'
import type { BearerToken } from '../request/bearer-token.js'
import { type ForgetTarget, readForgetTarget } from './forget-target.js'
import { type Answer, type CacheSettings, RememberedAnswers } from './remembered-answers.js'
import { RepeatBudget } from './repeat-budget.js'
import type { TokenDigest } from './token-digest.js'
import type { TokenVerifier, VerifiedClaims } from './verifier.js'

/** What is known of a token when a request brings it. */
export interface Verdict {
  readonly claims: VerifiedClaims
  /** When the request began. */
  readonly began: number
  /** Whether ZITADEL was asked after that: only then may a refusal rest on the claims. */
  readonly isCurrent: boolean
}

/** A verifier that remembers. */
export interface CachedVerifier {
  /** Gives the remembered answer, or asks. */
  verify(token: BearerToken): Promise<Verdict>
  /** Notes that a request begins which brings no token to verify. */
  begin(): number
  /**
   * Asks again, after what a request got was not enough: of all that wait for one answer only once, and about one token five
   * times at once and one more a second. Beyond that it gives what is known, which is at most a second old; undefined where
   * nothing is. With the cache off it asks every time.
   */
  verifyAgain(token: BearerToken, began: number): Promise<VerifiedClaims | undefined>
  forget(target: ForgetTarget): void
  forgetAll(): void
}

interface CachedVerifierOptions {
  /** What is kept; undefined keeps nothing. */
  readonly cache: CacheSettings | undefined
  /** Asks when a remembered answer is not enough. Default: the same verifier. */
  readonly verifyAgainAtZitadel?: TokenVerifier | undefined
  /** Refuses claims that this API does not accept, or does not accept any more. Runs on every request. */
  readonly requireAcceptable: (claims: VerifiedClaims) => void
  readonly digest: TokenDigest
  readonly clock: Clock
  /** Hears of every look-up. */
  readonly publish?: Publish
}

/**
 * Puts a bounded cache before a verifier. Answers are kept for `ttlSeconds` and never past the token's `exp`; refusals
 * are not kept, as ZITADEL answers `{"active": false}` for its own faults too. However many requests bring one token
 * at once, ZITADEL is asked once, also with the cache off; but nobody is refused on an answer to a question that is older
 * than their request.
 */
export function createCachedVerifier(verifyAtZitadel: TokenVerifier, options: CachedVerifierOptions): CachedVerifier {
  const { cache, verifyAgainAtZitadel = verifyAtZitadel, requireAcceptable, digest, clock, publish = silent } = options
  const answers = new RememberedAnswers(cache, clock, publish)
  const moments = createMoments()
  const questions = createSingleFlight<VerifiedClaims>(moments)
  const repeats = createSingleFlight<VerifiedClaims>(moments)
  const budget = new RepeatBudget(clock)

  /** A task that asks, and keeps the answer unless a later question or a forget() has outdated it. */
  function toQuestion(key: string, ask: () => Promise<VerifiedClaims>): Task<VerifiedClaims> {
    return async (isCurrent) => {
      const askedAtMs = clock.now()
      try {
        const claims = await ask()
        requireAcceptable(claims)
        if (isCurrent()) answers.keep(key, { claims, askedAtMs })
        return claims
      } catch (error) {
        if (isCurrent() && isInvalid(error)) answers.drop(key)
        throw error
      }
    }
  }

  async function repeat(key: string, token: BearerToken): Promise<VerifiedClaims> {
    try {
      return await questions.restart(
        key,
        toQuestion(key, () => verifyAgainAtZitadel(token)),
      )
    } catch (error) {
      if (!isInvalid(error)) budget.fail(key, error)
      throw error
    }
  }

  async function askAgain(key: string, token: BearerToken, began: number): Promise<VerifiedClaims | undefined> {
    const underWay = repeats.find(key)
    if (underWay !== undefined && underWay.startedAt > began) return underWay.join()
    // With the cache off every request may ask: there is no answer that could serve in the place of one.
    if (cache === undefined || budget.take(key)) return repeats.restart(key, () => repeat(key, token))
    // Without a budget the last one is not a second old.
    if (underWay !== undefined) return underWay.join()
    budget.throwFailure(key)
    return answers.recall(key)?.claims
  }

  function toRemembered({ claims }: Answer, began: number): Verdict {
    requireAcceptable(claims)
    return { claims, began, isCurrent: false }
  }

  /** While ZITADEL is down, what it said of the token not long ago is the best there is. */
  function requireStale(key: string, error: unknown): Answer {
    const answer = isAuthorizationError(error) && error.status === 503 ? answers.recall(key, 'stale') : undefined
    if (answer === undefined) throw error
    publish('cache', () => ({ outcome: 'stale' }))
    return answer
  }

  /** Waits for an answer that somebody asked for before this request began: enough to let it pass, not to refuse it. */
  async function verifyWithOthers(key: string, token: BearerToken, began: number, others: Promise<VerifiedClaims>) {
    try {
      return { claims: await others, began, isCurrent: false }
    } catch (error) {
      const current = isInvalid(error) ? await askAgain(key, token, began) : undefined
      if (current === undefined) throw error
      return { claims: current, began, isCurrent: true }
    }
  }

  function forgetWhere(isMeant: (answer: Answer, key: string) => boolean): void {
    questions.outdateAll()
    repeats.outdateAll()
    answers.dropWhere(isMeant)
  }

  return {
    async verify(token) {
      const began = moments.next()
      const key = digest(token)
      const answer = answers.recall(key)
      publish('cache', () => ({ outcome: answer === undefined ? 'miss' : 'hit' }))
      if (answer !== undefined) return toRemembered(answer, began)
      const underWay = questions.find(key)
      try {
        if (underWay !== undefined) return await verifyWithOthers(key, token, began, underWay.join())
        const claims = await questions.restart(
          key,
          toQuestion(key, () => verifyAtZitadel(token)),
        )
        return { claims, began, isCurrent: true }
      } catch (error) {
        return toRemembered(requireStale(key, error), began)
      }
    },
    begin: moments.next,
    verifyAgain: (token, began) => askAgain(digest(token), token, began),
    forget: (target) => forgetWhere(readForgetTarget(target, digest)),
    forgetAll: () => forgetWhere(() => true),
  }
}

function isInvalid(error: unknown): error is AuthorizationError {
  return isAuthorizationError(error) && error.code === 'ERR_TOKEN_INVALID'
}
