import { AuthorizationError } from '../errors/authorization-error.js'
import { clockToleranceSeconds } from './clock-tolerance.js'
import type { VerifiedClaims } from './verifier.js'

/** What this API accepts. */
export interface Acceptance {
  /** The issuers of ZITADEL, one for each of its names: the claims must name one of them when they name any. */
  readonly issuers: readonly string[]
  /** The ids of which the audience must hold one; undefined where ZITADEL alone knows them all and has checked already. */
  readonly audience: readonly string[] | undefined
}

/**
 * Lets claims pass that are meant for this API, now. Runs on every request: time goes on while claims sit in a cache.
 *
 * @param claims - what ZITADEL says of the token
 * @param acceptance - what this API accepts
 * @param nowSeconds - seconds since 1970
 * @throws `AuthorizationError`: `ERR_TOKEN_INVALID` when the token has expired, is not valid yet, comes from another
 * issuer, or is meant for another API
 * @see [RFC 7662 section 4](https://www.rfc-editor.org/rfc/rfc7662.html#section-4)
 */
export function requireAcceptable(claims: VerifiedClaims, { issuers, audience }: Acceptance, nowSeconds: number): void {
  const { expiresAtSeconds = Number.POSITIVE_INFINITY, notBeforeSeconds = Number.NEGATIVE_INFINITY } = claims
  if (expiresAtSeconds <= nowSeconds) refuse('the token has expired')
  if (notBeforeSeconds > nowSeconds + clockToleranceSeconds) {
    refuse('the token is not valid yet: compare the clocks of this machine and of ZITADEL')
  }
  if (claims.issuer !== undefined && !issuers.includes(claims.issuer)) {
    refuse('the token is from another issuer than the configured domain')
  }
  if (audience !== undefined && !audience.some((id) => claims.audience.includes(id))) {
    refuse("the token's audience holds neither this API's client id nor its project id")
  }
}

function refuse(message: string): never {
  throw new AuthorizationError('ERR_TOKEN_INVALID', message)
}
