import { type Instance, nowSeconds } from '../instance/instance.js'
import type { User } from '../instance/model.js'
import { mergeClaims, requireCustomClaims, toActClaim } from './claims.js'
import { requestedRoleClaims } from './requested-roles.js'
import { reservedClaims } from './reserved-claims.js'
import {
  DEFAULT_LIFETIME_SECONDS,
  defaultAudience,
  defaultClientId,
  readScopes,
  type SessionOptions,
} from './sessions.js'
import { halfHash, signJwt } from './sign-jwt.js'
import { userClaims } from './user-claims.js'

/** The options of an ID token. */
export interface IdTokenOptions extends SessionOptions {
  /** The nonce. Without it, none. */
  readonly nonce?: string
  /** The access token that is issued with this ID token, for `at_hash`. Without it, none. */
  readonly accessToken?: string
}

/**
 * Writes an ID token. Unlike a JWT access token it has `azp` and `auth_time`, for a person `sid`, and neither `jti` nor
 * `nbf`. Profile, email and phone are in it only where the web application says "User Info inside ID Token".
 */
export function createIdToken(instance: Instance, user: User, options: IdTokenOptions = {}): string {
  const { clientId = defaultClientId(instance, user), claims = {} } = options
  const scopes = readScopes(instance, user, options)
  const { audience = defaultAudience(instance, clientId, scopes), authenticationMethods = [] } = options
  const issuedAtSeconds = nowSeconds(instance)
  const key = instance.signingKeys.active()
  const application = instance.applications.get(clientId)
  const ownClaims = {
    iss: instance.issuer,
    sub: user.id,
    // A service account's own name comes last, the application of a person first.
    aud: [...new Set(user.kind === 'service' ? [...audience, clientId] : [clientId, ...audience])],
    exp: issuedAtSeconds + (options.expiresInSeconds ?? DEFAULT_LIFETIME_SECONDS),
    iat: issuedAtSeconds,
    auth_time: issuedAtSeconds,
    nonce: options.nonce,
    amr: authenticationMethods.length > 0 ? authenticationMethods : undefined,
    azp: clientId,
    client_id: clientId,
    at_hash: options.accessToken && halfHash(key, options.accessToken),
    sid: user.kind === 'human' ? instance.nextId() : undefined,
    act: toActClaim(options.actor, instance.issuer),
    ...(application?.kind === 'web' && application.idTokenUserinfoAssertion && userClaims(user, scopes)),
    ...reservedClaims(instance, user, scopes),
    ...requestedRoleClaims(instance, user, { clientId, scopes }),
  }
  return signJwt(key, mergeClaims(ownClaims, requireCustomClaims(claims)))
}
