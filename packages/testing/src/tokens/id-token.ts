import { type Instance, nowSeconds } from '../instance/instance.js'
import type { User } from '../instance/model.js'
import { mergeClaims, requireCustomClaims, toActClaim } from './claims.js'
import { reservedClaims } from './reserved-claims.js'
import { DEFAULT_LIFETIME_SECONDS, defaultAudience, defaultClientId, type SessionOptions } from './sessions.js'
import { halfHash, signJwt } from './sign-jwt.js'
import { userClaims } from './user-claims.js'

/** What an ID token is like. */
export interface IdTokenOptions extends SessionOptions {
  /** Default: none. */
  readonly nonce?: string
  /** The access token that is handed out with this ID token, for `at_hash`. Default: none. */
  readonly accessToken?: string
}

/** Writes an ID token. Unlike a JWT access token it has `azp`, `auth_time` and `sid`, and neither `jti` nor `nbf`. */
export function createIdToken(instance: Instance, user: User, options: IdTokenOptions = {}): string {
  const { scopes = ['openid'], clientId = defaultClientId(instance, user), claims = {} } = options
  const { audience = defaultAudience(instance, clientId, scopes), authenticationMethods = [] } = options
  const issuedAtSeconds = nowSeconds(instance)
  const key = instance.signingKeys.active()
  const ownClaims = {
    iss: instance.issuer,
    sub: user.id,
    aud: [...new Set([clientId, ...audience])],
    exp: issuedAtSeconds + (options.expiresInSeconds ?? DEFAULT_LIFETIME_SECONDS),
    iat: issuedAtSeconds,
    auth_time: issuedAtSeconds,
    nonce: options.nonce,
    amr: authenticationMethods.length > 0 ? authenticationMethods : undefined,
    azp: clientId,
    client_id: clientId,
    at_hash: options.accessToken && halfHash(key, options.accessToken),
    sid: instance.nextId(),
    act: toActClaim(options.actor, instance.issuer),
    ...userClaims(user, scopes),
    ...reservedClaims(instance, user, scopes),
  }
  return signJwt(key, mergeClaims(ownClaims, requireCustomClaims(claims)))
}
