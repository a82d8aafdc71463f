import { LRUCache } from 'lru-cache'
import { isAuthorizationError } from '../errors.js'
import type { Clock } from '../internal/clock.js'
import { type Publish, silent } from '../internal/diagnostics.js'
import { createSingleFlight, type Task } from '../internal/single-flight.js'
import type { BearerToken } from '../request/bearer-token.js'
import type { TokenDigest } from './token-digest.js'
import type { TokenVerifier, VerifiedClaims } from './verifier.js'

/** How long and how many answers are kept. */
export interface CacheSettings {
  readonly ttlSeconds: number
  readonly maxEntries: number
  /** For how long after that an answer serves while ZITADEL is down. */
  readonly staleIfErrorSeconds?: number
}

/** Which remembered answers to drop: those for one token, for all tokens of a user, or for a token id (`jti`). */
export type ForgetTarget = { readonly token: string } | { readonly userId: string } | { readonly tokenId: string }

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
  readonly verifyAgainAtZitadel?: TokenVerifier
  /** Refuses claims that this API does not accept, or does not accept any more. Runs on every request. */
  readonly requireAcceptable: (claims: VerifiedClaims) => void
  readonly digest: TokenDigest
  readonly clock: Clock
  /** Hears of every look-up. */
  readonly publish?: Publish
}

interface Entry {
  readonly claims: VerifiedClaims
  readonly askedAtMs: number
  readonly freshUntilMs: number
  readonly staleUntilMs: number
  askedAgainAtMs: number
}

const repeatIntervalMs = 1_000

const nothingKept: CacheSettings = { ttlSeconds: 0, maxEntries: 1 }

/**
 * Puts a bounded cache before a verifier. Answers are kept for `ttlSeconds` and never past the token's `exp`; refusals
 * are not kept, as ZITADEL answers `{"active": false}` for its own faults too. However many requests bring one token
 * at once, ZITADEL is asked once, also with the cache off.
 */
export function createCachedVerifier(
  verifyAtZitadel: TokenVerifier,
  {
    cache,
    verifyAgainAtZitadel = verifyAtZitadel,
    requireAcceptable,
    digest,
    clock,
    publish = silent,
  }: CachedVerifierOptions,
): CachedVerifier {
  const { ttlSeconds, maxEntries, staleIfErrorSeconds = 0 } = cache ?? nothingKept
  const entries = new LRUCache<string, Entry>({
    max: maxEntries,
    dispose: (_entry, _key, reason) => reason === 'evict' && publish('cache', () => ({ outcome: 'evict' })),
  })
  const questions = createSingleFlight<VerifiedClaims>()
  const repeats = createSingleFlight<VerifiedClaims>()

  /** An entry that is fresh; or, where ZITADEL can't be asked, one that is stale. */
  function recall(key: string, until: 'freshUntilMs' | 'staleUntilMs' = 'freshUntilMs'): Entry | undefined {
    const entry = entries.get(key)
    const nowMs = clock.now()
    // An entry from the future means that the clock was set back, and its age is unknown.
    return entry !== undefined && entry.askedAtMs <= nowMs && nowMs < entry[until] ? entry : undefined
  }

  function keep(key: string, claims: VerifiedClaims, askedAtMs: number, askedAgainAtMs: number): void {
    if (claims.expiresAtSeconds === undefined) return
    const reuseSeconds = cache === undefined ? 0 : (claims.reuseSeconds ?? ttlSeconds)
    const expiresAtMs = claims.expiresAtSeconds * 1_000
    const freshUntilMs = Math.min(askedAtMs + reuseSeconds * 1_000, expiresAtMs)
    const staleUntilMs = Math.min(askedAtMs + (reuseSeconds + staleIfErrorSeconds) * 1_000, expiresAtMs)
    if (freshUntilMs > clock.now()) entries.set(key, { claims, askedAtMs, freshUntilMs, staleUntilMs, askedAgainAtMs })
  }

  /** A task that asks, and keeps the answer unless a later question or a forget() has outdated it. */
  function toQuestion(key: string, ask: () => Promise<VerifiedClaims>, isRepeat: boolean): Task<VerifiedClaims> {
    return async (isCurrent) => {
      const askedAtMs = clock.now()
      try {
        const claims = await ask()
        requireAcceptable(claims)
        if (isCurrent()) keep(key, claims, askedAtMs, isRepeat ? askedAtMs : Number.NEGATIVE_INFINITY)
        return claims
      } catch (error) {
        if (isCurrent() && isAuthorizationError(error) && error.code === 'ERR_TOKEN_INVALID') entries.delete(key)
        throw error
      }
    }
  }

  async function repeat(key: string, token: BearerToken): Promise<VerifiedClaims> {
    const entry = recall(key)
    const waitMs = entry === undefined ? 0 : entry.askedAgainAtMs + repeatIntervalMs - clock.now()
    if (waitMs > 0) await clock.sleep(waitMs)
    // Set before the answer: when ZITADEL gives none, the next repeat waits its second all the same.
    if (entry !== undefined) entry.askedAgainAtMs = clock.now()
    return questions.restart(
      key,
      toQuestion(key, () => verifyAgainAtZitadel(token), true),
    )
  }

  function toRemembered(entry: Entry): { readonly claims: VerifiedClaims; readonly remembered: boolean } {
    requireAcceptable(entry.claims)
    return { claims: entry.claims, remembered: true }
  }

  /** While ZITADEL is down, what it said of the token not long ago is the best there is. */
  function requireStale(key: string, error: unknown): Entry {
    const entry = isAuthorizationError(error) && error.status === 503 ? recall(key, 'staleUntilMs') : undefined
    if (entry === undefined) throw error
    publish('cache', () => ({ outcome: 'stale' }))
    return entry
  }

  function forgetWhere(isMeant: (entry: Entry, key: string) => boolean): void {
    questions.outdateAll()
    repeats.outdateAll()
    for (const [key, entry] of [...entries.entries()]) if (isMeant(entry, key)) entries.delete(key)
  }

  return {
    async verify(token) {
      const key = digest(token)
      const entry = recall(key)
      publish('cache', () => ({ outcome: entry === undefined ? 'miss' : 'hit' }))
      if (entry !== undefined) return toRemembered(entry)
      // An answer to somebody else's question may be older than this request.
      const remembered = questions.has(key)
      try {
        const question = toQuestion(key, () => verifyAtZitadel(token), false)
        return { claims: await questions.run(key, question), remembered }
      } catch (error) {
        return toRemembered(requireStale(key, error))
      }
    },
    verifyAgain(token) {
      const key = digest(token)
      return repeats.run(key, () => repeat(key, token))
    },
    forget(target) {
      forgetWhere(toSelector(target, digest))
    },
    forgetAll() {
      forgetWhere(() => true)
    },
  }
}

function toSelector(target: ForgetTarget, digest: TokenDigest): (entry: Entry, key: string) => boolean {
  const [[name = '', value] = [], another] = Object.entries<unknown>(target ?? {})
  // A value that is not there, since an event has no such member, would forget nothing and say nothing.
  if (typeof value === 'string' && value !== '' && another === undefined) {
    if (name === 'token') {
      const forgotten = digest(value as BearerToken)
      return (_, key) => key === forgotten
    }
    if (name === 'userId') return ({ claims }) => claims.userId === value
    if (name === 'tokenId') return ({ claims }) => claims.tokenId === value
  }
  throw new TypeError('forget() takes { token }, { userId } or { tokenId }, with a text that is not empty')
}
