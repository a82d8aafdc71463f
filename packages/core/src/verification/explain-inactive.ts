import type { BearerToken } from '../request/bearer-token.js'
import { readUnverifiedPayload } from './jwt/compact-jwt.js'
import type { Acceptance } from './require-acceptable.js'
import { findOtherKind } from './token-kind.js'

/**
 * Says why ZITADEL may call a token inactive, as far as the token shows it: for the developer, since nobody has verified what it
 * says of itself. Repeats nothing of it.
 *
 * @param token - the token
 * @param acceptance - what this API accepts
 * @param nowSeconds - seconds since 1970
 * @returns undefined when the token shows nothing
 */
export function explainInactive(
  token: BearerToken,
  { issuers, audience }: Acceptance,
  nowSeconds: number,
): string | undefined {
  const claims = readUnverifiedPayload(token)
  if (claims === undefined) return undefined
  const { iss, exp, aud } = claims
  if (!issuers.some((issuer) => issuer === iss)) return toReason('it is from another issuer than the configured domain')
  const kind = findOtherKind(claims)
  if (kind !== undefined) return toReason(`it is ${kind}, and no access token`)
  if (typeof exp === 'number' && exp <= nowSeconds) return toReason('it has expired')
  const named: readonly unknown[] = Array.isArray(aud) ? aud : [aud]
  if (audience === undefined || audience.some((id) => named.includes(id))) return undefined
  return toReason("its audience holds neither this API's client id nor its project id")
}

function toReason(what: string): string {
  return `by its payload, which is not verified, ${what}`
}
