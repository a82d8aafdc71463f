import { AuthorizationError } from '../../errors/authorization-error.js'
import type { JsonObject } from '../../internal/json.js'
import { clockToleranceSeconds } from '../clock-tolerance.js'
import { findOtherKind } from '../token-kind.js'

/** What an access token of ZITADEL always has. */
const required: readonly string[] = ['iss', 'sub', 'aud', 'exp', 'jti', 'nbf', 'client_id']

/**
 * Lets the claims of an access token pass, and no other kind of token that ZITADEL signs with the same keys, with the same type
 * and audience.
 *
 * @param claims - the claims, signature verified
 * @param nowSeconds - seconds since 1970
 * @throws `AuthorizationError`: `ERR_TOKEN_INVALID` when it is another kind of token, or a claim is missing, or
 * from the future
 * @see [RFC 9068 section 2.2](https://www.rfc-editor.org/rfc/rfc9068.html#section-2.2): what an access token claims
 */
export function requireAccessToken(claims: JsonObject, nowSeconds: number): void {
  const kind = findOtherKind(claims)
  if (kind !== undefined) refuse(`the token is ${kind}: the client must send its access token`)
  const missing = required.find((name) => claims[name] === undefined || claims[name] === null)
  if (missing !== undefined) refuse(`the token has no claim "${missing}", so it is no access token of ZITADEL`)
  const { iat } = claims
  if (iat === undefined) return
  if (!Number.isFinite(iat)) refuse('the claim "iat" of the token is not a number of seconds')
  if ((iat as number) > nowSeconds + clockToleranceSeconds) {
    refuse('the token was issued in the future: compare the clocks of this machine and of ZITADEL')
  }
}

function refuse(message: string): never {
  throw new AuthorizationError('ERR_TOKEN_INVALID', message)
}
