import { AuthorizationError } from '../../errors/authorization-error.js'
import type { Clock } from '../../internal/clock.js'
import type { KeySet } from '../../provider/key-set.js'
import type { BearerToken } from '../../request/bearer-token.js'
import { readVerifiedClaims } from '../read-claims.js'
import type { VerifiedClaims } from '../verifier.js'
import { readUnverifiedJwt, type UnverifiedJwt } from './compact-jwt.js'
import { requireAccessToken } from './require-access-token.js'
import { readSignedJwt } from './signed-jwt.js'

/** Verifies a token that has the form of a JWT. Its claims may be used again as long as its key is published. */
export type JwtVerifier = (token: BearerToken, jwt: UnverifiedJwt) => Promise<VerifiedClaims>

/** What {@link createJwtVerifier} takes. */
export interface JwtVerifierOptions {
  readonly keys: KeySet
  /** The API's project: the only one whose roles count. */
  readonly projectId: string
  readonly clock: Clock
}

const types: readonly string[] = ['jwt', 'at+jwt', 'application/at+jwt']

/**
 * Verifies JWT access tokens by ZITADEL's published keys, without asking about each. The signature comes before every claim.
 *
 * @returns a verifier that throws `ERR_TOKEN_INVALID`, and what `keys` throws
 */
export function createJwtVerifier({ keys, projectId, clock }: JwtVerifierOptions): JwtVerifier {
  return async (token, jwt) => {
    const { claims, key } = await readSignedJwt(token, jwt, { keys, types })
    requireAccessToken(claims, clock.now() / 1_000)
    return readVerifiedClaims(claims, { verifiedBy: 'jwt', projectId, isStillVouchedFor: () => keys.isPublished(key) })
  }
}

/**
 * Reads a token as a JWT, for a verifier that takes nothing else.
 *
 * @throws `AuthorizationError`: `ERR_TOKEN_INVALID` when it is something else
 */
export function requireJwt(token: BearerToken): UnverifiedJwt {
  const jwt = readUnverifiedJwt(token)
  if (jwt !== undefined) return jwt
  throw new AuthorizationError(
    'ERR_TOKEN_INVALID',
    "the token is no JWT: set the client's token type to JWT in ZITADEL, or use verification: 'auto'",
  )
}
