import { readUnverifiedJwt } from './jwt/compact-jwt.js'
import type { JwtVerifier } from './jwt/jwt-verifier.js'
import type { TokenVerifier } from './verifier.js'

/**
 * Verifies tokens of every kind: JWTs by ZITADEL's published keys, all others by asking ZITADEL.
 *
 * @param verifyJwt - verifies a JWT
 * @param introspect - asks ZITADEL
 * @param options - `revocationCheckSeconds`: asks about a good JWT too, and again after so many seconds. A forged one
 * still costs ZITADEL nothing
 */
export function createVerifierByKind(
  verifyJwt: JwtVerifier,
  introspect: TokenVerifier,
  { revocationCheckSeconds }: { readonly revocationCheckSeconds: number | undefined },
): TokenVerifier {
  return async (token) => {
    const jwt = readUnverifiedJwt(token)
    if (jwt === undefined) return introspect(token)
    const claims = await verifyJwt(token, jwt)
    if (revocationCheckSeconds === undefined) return claims
    return { ...(await introspect(token)), reuseSeconds: revocationCheckSeconds }
  }
}
