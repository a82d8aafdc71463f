import { isAuthorizationError } from '../errors.js'
import type { Clock } from '../internal/clock.js'
import { type Publish, silent } from '../internal/diagnostics.js'
import { createSingleFlight, type Task } from '../internal/single-flight.js'
import type { BearerToken } from '../request/bearer-token.js'
import { type ForgetTarget, readForgetTarget } from './forget-target.js'
import { type Answer, type CacheSettings, RememberedAnswers } from './remembered-answers.js'
import type { TokenDigest } from './token-digest.js'
import type { TokenVerifier, VerifiedClaims } from './verifier.js'

/** A verifier that remembers. */
export interface CachedVerifier {
  /** Gives the remembered answer, or asks. `remembered` tells that the answer may be older than this call. */
  verify(token: BearerToken): Promise<{ readonly claims: VerifiedClaims; readonly remembered: boolean }>
  /** Asks again, at most once a second per token. Callers within that second wait for its end, so no answer is old. */
  verifyAgain(token: BearerToken): Promise<VerifiedClaims>
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

const repeatIntervalMs = 1_000

/**
 * Puts a bounded cache before a verifier. Answers are kept for `ttlSeconds` and never past the token's `exp`; refusals
 * are not kept, as ZITADEL answers `{"active": false}` for its own faults too. However many requests bring one token
 * at once, ZITADEL is asked once, also with the cache off.
 */
export function createCachedVerifier(verifyAtZitadel: TokenVerifier, options: CachedVerifierOptions): CachedVerifier {
  const { cache, verifyAgainAtZitadel = verifyAtZitadel, requireAcceptable, digest, clock, publish = silent } = options
  const answers = new RememberedAnswers(cache, clock, publish)
  const questions = createSingleFlight<VerifiedClaims>()
  const repeats = createSingleFlight<VerifiedClaims>()

  /** A task that asks, and keeps the answer unless a later question or a forget() has outdated it. */
  function toQuestion(key: string, ask: () => Promise<VerifiedClaims>, isRepeat = false): Task<VerifiedClaims> {
    return async (isCurrent) => {
      const askedAtMs = clock.now()
      try {
        const claims = await ask()
        requireAcceptable(claims)
        const askedAgainAtMs = isRepeat ? askedAtMs : Number.NEGATIVE_INFINITY
        if (isCurrent()) answers.keep(key, { claims, askedAtMs, askedAgainAtMs })
        return claims
      } catch (error) {
        if (isCurrent() && isAuthorizationError(error) && error.code === 'ERR_TOKEN_INVALID') answers.drop(key)
        throw error
      }
    }
  }

  async function repeat(key: string, token: BearerToken): Promise<VerifiedClaims> {
    const answer = answers.recall(key)
    const waitMs = answer === undefined ? 0 : answer.askedAgainAtMs + repeatIntervalMs - clock.now()
    // A clock that was set back must not make the wait longer.
    if (waitMs > 0) await clock.sleep(Math.min(waitMs, repeatIntervalMs))
    // Set before there is an answer: when ZITADEL gives none, the next repeat waits its second all the same.
    if (answer !== undefined) answer.askedAgainAtMs = clock.now()
    const question = toQuestion(key, () => verifyAgainAtZitadel(token), true)
    return questions.restart(key, question)
  }

  function toRemembered({ claims }: Answer): { readonly claims: VerifiedClaims; readonly remembered: boolean } {
    requireAcceptable(claims)
    return { claims, remembered: true }
  }

  /** While ZITADEL is down, what it said of the token not long ago is the best there is. */
  function requireStale(key: string, error: unknown): Answer {
    const answer = isAuthorizationError(error) && error.status === 503 ? answers.recall(key, 'stale') : undefined
    if (answer === undefined) throw error
    publish('cache', () => ({ outcome: 'stale' }))
    return answer
  }

  function forgetWhere(isMeant: (answer: Answer, key: string) => boolean): void {
    questions.outdateAll()
    repeats.outdateAll()
    answers.dropWhere(isMeant)
  }

  return {
    async verify(token) {
      const key = digest(token)
      const answer = answers.recall(key)
      publish('cache', () => ({ outcome: answer === undefined ? 'miss' : 'hit' }))
      if (answer !== undefined) return toRemembered(answer)
      // An answer to somebody else's question may be older than this request.
      const remembered = questions.has(key)
      const question = toQuestion(key, () => verifyAtZitadel(token))
      try {
        return { claims: await questions.run(key, question), remembered }
      } catch (error) {
        return toRemembered(requireStale(key, error))
      }
    },
    verifyAgain(token) {
      const key = digest(token)
      return repeats.run(key, () => repeat(key, token))
    },
    forget: (target) => forgetWhere(readForgetTarget(target, digest)),
    forgetAll: () => forgetWhere(() => true),
  }
}
