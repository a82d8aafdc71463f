import { isJsonObject, type JsonObject } from '../internal/json.js'
import { clockToleranceSeconds } from '../verification/clock-tolerance.js'
import { findOtherKind } from '../verification/token-kind.js'

/** The content of a logout token. */
export interface LogoutToken {
  /** The id of the user who logged out (`sub`); undefined if only the session is named. */
  readonly userId: string | undefined
  /** The id of the session that ended (`sid`). Access tokens do not have it. */
  readonly sessionId: string | undefined
  /** The id of the logout token (`jti`). */
  readonly tokenId: string
  /** The issuer (`iss`). */
  readonly issuer: string
  /** When the logout token was issued, in seconds since 1970. */
  readonly issuedAtSeconds: number
}

/** What a logout token must be. */
export interface LogoutTokenExpectations {
  readonly issuers: readonly string[]
  readonly clientIds: readonly string[]
  readonly nowSeconds: number
}

const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout'

/**
 * Reads the claims of a logout token whose signature was verified, by the steps of the specification in their order.
 *
 * @param refuse - is called with what is wrong, for the developer
 * @see [OpenID Connect Back-Channel Logout 1.0 section 2.6](https://openid.net/specs/openid-connect-backchannel-1_0.html#Validation)
 */
export function readLogoutClaims(
  claims: JsonObject,
  { issuers, clientIds, nowSeconds }: LogoutTokenExpectations,
  refuse: (reason: string) => never,
): LogoutToken {
  const { iss, aud, iat, exp, jti, sub, sid, events, nonce } = claims
  if (!isText(iss) || !issuers.includes(iss)) refuse('the logout token is of another issuer')
  if (![aud].flat().some((id) => isText(id) && clientIds.includes(id))) {
    refuse('the logout token is meant for another application: clientId is that of the one with the logout URI')
  }
  if (!isSeconds(iat) || iat > nowSeconds + clockToleranceSeconds) refuse('the logout token was made in the future')
  if (!isSeconds(exp) || exp <= nowSeconds - clockToleranceSeconds) refuse('the logout token has expired')
  if (!isText(jti)) refuse('the logout token has no jti')
  if (!isText(sub) && !isText(sid)) refuse('the logout token names neither a user nor a session')
  if (!isJsonObject(events) || !isJsonObject(events[logoutEvent])) refuse('the token tells of no logout')
  if (nonce !== undefined) refuse('the token has a nonce, so it is an ID token')
  // An Action may add events to any token that ZITADEL signs.
  if (findOtherKind(claims) !== 'a logout token') refuse('the token is an access token or an ID token')
  return Object.freeze({
    userId: isText(sub) ? sub : undefined,
    sessionId: isText(sid) ? sid : undefined,
    tokenId: jti,
    issuer: iss,
    issuedAtSeconds: iat,
  })
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

function isSeconds(value: unknown): value is number {
  return Number.isFinite(value)
}
