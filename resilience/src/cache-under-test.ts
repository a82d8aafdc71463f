import { isDeepStrictEqual } from 'node:util'
import { AuthorizationError } from '../../packages/core/src/errors/authorization-error.js'
import { type CachedVerifier, createCachedVerifier } from '../../packages/core/src/verification/cached.js'
import { readVerifiedClaims } from '../../packages/core/src/verification/read-claims.js'
import { requireAcceptable } from '../../packages/core/src/verification/require-acceptable.js'
import type { TokenVerifier, VerifiedClaims } from '../../packages/core/src/verification/verifier.js'
import type { CacheModelSettings } from './cache-model.js'
import type { CacheWorld, Facts } from './cache-world.js'

/** The cache, and what can be seen of it. */
export interface CacheUnderTest {
  readonly world: CacheWorld
  readonly cache: CachedVerifier
  asked: number
  evicted: number
  /** What ZITADEL, and the check of a signature, wait for before they answer. */
  answerAfter: Promise<void>
}

/** An object takes about twice its JSON, and something for itself. */
const bytesPerCharacter = 2
const bytesPerAnswer = 1_024

/** Makes a {@link CacheUnderTest}, before a ZITADEL that says what the world says. */
export function createCacheUnderTest(settings: CacheModelSettings, world: CacheWorld): CacheUnderTest {
  const nameOf = (token: string): string => token.split('.')[0] as string

  const ask: TokenVerifier = async (token) => {
    real.asked += 1
    const verdict = world.verdicts.get(nameOf(token)) ?? { kind: 'inactive' }
    await real.answerAfter
    if (verdict.kind === 'down') throw new AuthorizationError('ERR_PROVIDER_UNAVAILABLE', 'down')
    if (verdict.kind === 'inactive') throw new AuthorizationError('ERR_TOKEN_INVALID', 'inactive')
    return toClaims(verdict, {})
  }

  const verify: TokenVerifier = async (token, asking) => {
    const jwt = world.jwts.get(nameOf(token))
    if (jwt === undefined && settings.mode === 'auto') return ask(token, asking)
    await real.answerAfter
    if (jwt === undefined) throw new AuthorizationError('ERR_TOKEN_INVALID', 'no JWT')
    const signed = toClaims(jwt, jwt.issuedAtSeconds === undefined ? {} : { iat: jwt.issuedAtSeconds })
    return { ...signed, verifiedBy: 'jwt', isStillVouchedFor: () => true }
  }

  const cache = createCachedVerifier(verify, {
    ...(settings.mode === 'auto' ? { ask } : {}),
    cache: {
      ttlSeconds: settings.ttlMs / 1_000,
      staleIfErrorSeconds: settings.staleMs / 1_000,
      maxEntries: settings.maxEntries,
      maxBytes: settings.maxBytes,
    },
    maxJwtLifetimeSeconds: settings.maxJwtLifetimeMs / 1_000,
    requireAcceptable: (claims, nowMs) =>
      requireAcceptable(claims, { issuers: [], audience: undefined }, nowMs / 1_000),
    clock: {
      now: () => world.nowMs,
      elapsed: () => world.elapsedMs,
      sleep: () => Promise.reject(new Error('nobody waits for a turn')),
      after: () => () => {},
    },
    publish: (name, toEvent) => {
      if (name === 'cache' && isDeepStrictEqual(toEvent(), { outcome: 'evict' })) real.evicted += 1
    },
  })
  const real: CacheUnderTest = { world, cache, asked: 0, evicted: 0, answerAfter: Promise.resolve() }
  return real
}

/** Claims of exactly the size that they are to take. */
function toClaims({ tag, userId, tokenId, expiresAtSeconds, bytes }: Facts, more: object): VerifiedClaims {
  const claims = { sub: userId, aud: 'api', tag, jti: tokenId, exp: expiresAtSeconds, padding: '', ...more }
  const missing = (bytes - bytesPerAnswer) / bytesPerCharacter - JSON.stringify(claims).length
  return readVerifiedClaims(JSON.parse(JSON.stringify({ ...claims, padding: 'x'.repeat(missing) })))
}
