import { AuthorizationError, isAuthorizationError, isOverload } from '../errors/authorization-error.js'
import type { Clock } from '../internal/clock.js'
import { type Publish, silent } from '../internal/diagnostics.js'
import { createMoments } from '../internal/moments.js'
import { createSingleFlight, type Task } from '../internal/single-flight.js'
import type { BearerToken } from '../request/bearer-token.js'
import { createAsking } from './asking.js'
import { FamiliarTokens } from './familiar-tokens.js'
import { type ForgetTarget, readForgetTarget } from './forget-target.js'
import { createNextFlights } from './next-flights.js'
import { type Answer, type CacheSettings, RememberedAnswers, renewAfter } from './remembered-answers.js'
import { RepeatBudget } from './repeat-budget.js'
import { type MarkName, Revocations, toMarkNames } from './revocations.js'
import { createSharedAnswers } from './shared-answers.js'
import type { ConnectedStore, Mark, StoreOwner } from './shared-store.js'
import { toTokenDigest } from './token-digest.js'
import type { Asking, TokenVerifier, VerifiedClaims } from './verifier.js'

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
  /**
   * Gives the cached answer at once, where there is one that lets the token pass: undefined is no refusal, but a reason to
   * `verify`. Takes any text: that of an answer was a token.
   */
  recall(text: string): VerifiedClaims | undefined
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
  /** Drops everything, and ends the use of the store. */
  close(): void
}

/** What {@link createCachedVerifier} takes. */
export interface CachedVerifierOptions {
  /** What is kept; undefined keeps nothing. */
  readonly cache: CacheSettings | undefined
  /** Asks ZITADEL where the verifier gives no current answer; undefined where ZITADEL is never asked about a token. */
  readonly ask?: TokenVerifier | undefined
  /** Refuses claims that this API does not accept, or does not accept any more. Runs on every request. */
  readonly requireAcceptable: (claims: VerifiedClaims, nowMs: number) => void
  readonly clock: Clock
  /** For how long a question that many wait for may take. Default: for ever. */
  readonly maxFlightMs?: number
  /** For so long a revocation counts against JWTs from before it. Default: a day. */
  readonly maxJwtLifetimeSeconds?: number
  /** Hears of every lookup. */
  readonly publish?: Publish
  /** The API's project, when it is known. */
  readonly projectId?: string | undefined
  /** Starts to share answers and revocations with other processes. Default: they are not shared. */
  readonly connectStore?: ((listener: Pick<StoreOwner, 'keepMarksMs' | 'learn' | 'lose'>) => ConnectedStore) | undefined
}

/** How many tokens that were good are known with the cache off. */
const familiarWithoutCache = 10_000

/**
 * Puts a bounded cache before a verifier. Answers are kept for `ttlSeconds` and never past the token's `exp`; refusals
 * are not kept, as ZITADEL answers `{"active": false}` for its own faults too. However many requests bring one token
 * at once, ZITADEL is asked once; but nobody is refused on an answer to a question that is older than their request, and with
 * the cache off nobody is let pass on one either.
 */
export function createCachedVerifier(verifyToken: TokenVerifier, options: CachedVerifierOptions): CachedVerifier {
  const { cache, ask, requireAcceptable, clock, publish = silent } = options
  const { maxFlightMs = Number.POSITIVE_INFINITY, maxJwtLifetimeSeconds = 86_400, connectStore } = options
  const askAgain = ask ?? verifyToken
  const answers = new RememberedAnswers(cache, clock, publish)
  const familiar = new FamiliarTokens(cache?.maxEntries ?? familiarWithoutCache)
  const ttlSeconds = cache?.ttlSeconds ?? 0
  // A mark speaks against the answers in a store too.
  const keepMarksSeconds = Math.max(maxJwtLifetimeSeconds, ttlSeconds)
  const revocations = new Revocations(keepMarksSeconds, clock)
  const store = connectStore?.({ keepMarksMs: keepMarksSeconds * 1_000, learn, lose: () => forgetWhere(() => true) })
  const shared = store && createSharedAnswers({ ...options, store, ttlSeconds, revocations })
  const moments = createMoments()
  const flights = { moments, clock, maxFlightMs }
  const questions = createSingleFlight<VerifiedClaims>(flights)
  const repeats = createSingleFlight<VerifiedClaims>(flights)
  const nexts = createNextFlights(questions)
  const renewals = new Map<string, Asking>()
  const budget = new RepeatBudget(clock)

  /** A task that asks, and keeps the answer unless a later question or a forget() has outdated it. */
  function toQuestion(key: string, token: BearerToken, verify: TokenVerifier, asking: Asking): Task<VerifiedClaims> {
    return async (isCurrent) => {
      const [askedAtMs, askedAt] = [clock.elapsed(), clock.now()]
      try {
        const claims = await requireUnrevoked(key, token, await verify(token, asking), asking)
        requireAcceptable(claims, clock.now())
        familiar.add(key, token)
        if (isCurrent()) answers.keep(key, claims, asking.sharedAtMs ?? askedAtMs, asking.sharedAtMs !== undefined)
        if (asking.isSent) shared?.keep(key, claims, askedAt)
        return claims
      } catch (error) {
        if (isInvalid(error)) {
          familiar.delete(key)
          if (asking.isSent) store?.drop(key)
          if (isCurrent()) answers.drop(key)
        }
        throw error
      }
    }
  }

  /** A signature says nothing of what happened after it. */
  async function requireUnrevoked(key: string, token: BearerToken, claims: VerifiedClaims, asking: Asking) {
    if (claims.verifiedBy !== 'jwt') return claims
    // What was revoked before this process started, or while it heard of nothing.
    if (store !== undefined) await store.refresh()
    if (!revocations.cover(claims, key)) return claims
    if (ask !== undefined) return ask(token, asking)
    throw new AuthorizationError(
      'ERR_TOKEN_INVALID',
      'the token was issued before it, its user or its session was revoked: its client needs a new one',
    )
  }

  function toAsking(key: string, token: BearerToken): Asking {
    return createAsking(key, familiar.toPriority(key, token), familiar.has(key))
  }

  /** Lets the answer of another process do, where there is one that is younger than this part of its time. */
  function share(asking: Asking, part: number): Asking {
    if (shared !== undefined) asking.findShared = () => shared.find(asking, part)
    return asking
  }

  function start(key: string, token: BearerToken, asking = toAsking(key, token)): Promise<VerifiedClaims> {
    return questions.restart(key, toQuestion(key, token, verifyToken, share(asking, 1)))
  }

  async function repeat(key: string, token: BearerToken): Promise<VerifiedClaims> {
    try {
      return await questions.restart(key, toQuestion(key, token, askAgain, toAsking(key, token)))
    } catch (error) {
      if (!isInvalid(error)) budget.fail(key, error)
      throw error
    }
  }

  async function verifyAgain(key: string, token: BearerToken, began: number): Promise<VerifiedClaims | undefined> {
    const underWay = repeats.find(key)
    if (underWay !== undefined && underWay.startedAt > began) return underWay.join()
    // With the cache off every request may ask: there is no answer that could serve in the place of one.
    if (cache === undefined || budget.take(key)) return repeats.restart(key, () => repeat(key, token))
    // Without a budget the last one is not a second old.
    if (underWay !== undefined) return underWay.join()
    budget.throwFailure(key)
    return answers.recall(key)?.claims
  }

  /** Asks for a new answer while the old one still serves, behind everybody who waits for one. */
  function renew(key: string, token: BearerToken): void {
    if (questions.find(key) !== undefined) return
    const asking = share(createAsking(key, 'background', true), renewAfter)
    renewals.set(key, asking)
    questions
      .restart(key, toQuestion(key, token, verifyToken, asking))
      .catch(() => {})
      .finally(() => {
        if (renewals.get(key) === asking) renewals.delete(key)
      })
  }

  function isAcceptable(claims: VerifiedClaims, nowMs: number): boolean {
    try {
      requireAcceptable(claims, nowMs)
      return true
    } catch {
      return false
    }
  }

  function toRemembered({ claims }: Answer, began: number): Verdict {
    requireAcceptable(claims, clock.now())
    return { claims, began, isCurrent: false }
  }

  /** While ZITADEL is down, what it said of the token not long ago is the best there is. */
  function requireStale(key: string, error: unknown): Answer {
    const isOutage = isAuthorizationError(error) && error.status === 503 && !isOverload(error)
    const answer = isOutage ? answers.recall(key, 'stale') : undefined
    if (answer === undefined) throw error
    publish('cache', () => ({ outcome: 'stale' }))
    return answer
  }

  /** Waits for an answer that somebody asked for before this request began: enough to let it pass, not to refuse it. */
  async function verifyWithOthers(key: string, token: BearerToken, began: number, others: Promise<VerifiedClaims>) {
    try {
      return { claims: await others, began, isCurrent: false }
    } catch (error) {
      const current = isInvalid(error) ? await verifyAgain(key, token, began) : undefined
      if (current === undefined) throw error
      return { claims: current, began, isCurrent: true }
    }
  }

  async function verifyNow(key: string, token: BearerToken, began: number): Promise<Verdict> {
    if (cache === undefined) return { claims: await nexts.run(key, () => start(key, token)), began, isCurrent: true }
    const underWay = questions.find(key)
    // A renewal that waits for its turn waits behind everybody else's.
    const isWaiting = renewals.get(key)?.isSent === false
    if (underWay !== undefined && !isWaiting) return verifyWithOthers(key, token, began, underWay.join())
    const asking = toAsking(key, token)
    const claims = await start(key, token, asking)
    return { claims, began, isCurrent: asking.sharedAtMs === undefined }
  }

  /** What was revoked in another process counts as it does there. */
  function learn(marks: readonly Mark[]): void {
    for (const { name, atMs } of marks) revocations.add(name, atMs)
    const names = new Set(marks.map(({ name }) => name))
    // Whatever their times: clocks differ, and an answer from after one revocation may be from before the next.
    forgetWhere(({ claims }, key) => toMarkNames(claims, key).some((name) => names.has(name)))
  }

  function markAsRevoked(name: MarkName): void {
    const atMs = clock.now()
    revocations.add(name, atMs)
    store?.forget({ name, atMs })
  }

  function forgetWhere(isMeant: (answer: Answer, key: string) => boolean): void {
    questions.outdateAll()
    repeats.outdateAll()
    answers.dropWhere(isMeant)
  }

  return {
    recall(text) {
      const key = toTokenDigest(text)
      const nowMs = clock.now()
      const elapsedMs = clock.elapsed()
      const answer = answers.recall(key, 'fresh', nowMs, elapsedMs)
      if (answer === undefined || !isAcceptable(answer.claims, nowMs)) return undefined
      // Whether it was revoked is not known yet: only the way that can wait decides.
      if (store?.catchUp() !== undefined) return undefined
      if (elapsedMs >= answer.renewAtMs) renew(key, text as BearerToken)
      return answer.claims
    },
    async verify(token) {
      const began = moments.next()
      const key = toTokenDigest(token)
      let answer = answers.recall(key)
      // Who asks for an answer learns with it of what was revoked in other processes.
      const marks = answer === undefined ? undefined : store?.catchUp()
      if (marks !== undefined) {
        await marks
        answer = answers.recall(key)
      }
      publish('cache', () => ({ outcome: answer === undefined ? 'miss' : 'hit' }))
      if (answer !== undefined) {
        if (clock.elapsed() >= answer.renewAtMs) renew(key, token)
        return toRemembered(answer, began)
      }
      try {
        return await verifyNow(key, token, began)
      } catch (error) {
        return toRemembered(requireStale(key, error), began)
      }
    },
    begin: moments.next,
    verifyAgain: (token, began) => verifyAgain(toTokenDigest(token), token, began),
    forget(target) {
      const { mark, isMeant } = readForgetTarget(target)
      markAsRevoked(mark)
      forgetWhere(isMeant)
    },
    forgetAll() {
      markAsRevoked('all')
      forgetWhere(() => true)
    },
    close() {
      forgetWhere(() => true)
      store?.close()
    },
  }
}

function isInvalid(error: unknown): error is AuthorizationError {
  return isAuthorizationError(error) && error.code === 'ERR_TOKEN_INVALID'
}
