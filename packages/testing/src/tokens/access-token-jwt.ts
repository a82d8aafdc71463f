import { type Instance, requireKnown } from '../instance/instance.js'
import type { AccessTokenRecord, User } from '../instance/model.js'
import { type Claims, mergeClaims, toActClaim } from './claims.js'
import { requestedRoleClaims } from './requested-roles.js'
import { reservedClaims } from './reserved-claims.js'
import { signJwt } from './sign-jwt.js'

/** Writes an access token as a JWT. It has no `scope`, no `azp`, no `auth_time`, no profile: ZITADEL's has none. */
export function createAccessTokenJwt(instance: Instance, record: AccessTokenRecord): string {
  const user = requireKnown(instance.users, record.userId, 'user')
  const ownClaims = {
    iss: instance.issuer,
    sub: record.userId,
    // ZITADEL never leaves the audience empty: the client stands in.
    aud: record.audience.length > 0 ? record.audience : [record.clientId],
    exp: record.expiresAtSeconds,
    iat: record.issuedAtSeconds,
    nbf: record.issuedAtSeconds,
    client_id: record.clientId,
    jti: record.id,
    act: toActClaim(record.actor, instance.issuer),
    ...reservedClaims(instance, user, record.scopes),
    ...assertedRoles(instance, user, record),
  }
  return signJwt(instance.signingKeys.active(), mergeClaims(ownClaims, record.customClaims))
}

/** In the JWTs of people, roles need a web application that says "Add user roles to the access token". */
function assertedRoles(instance: Instance, user: User, record: AccessTokenRecord): Claims {
  const application = instance.applications.get(record.clientId ?? '')
  const asserts = user.kind === 'service' || (application?.kind === 'web' && application.accessTokenRoleAssertion)
  return asserts ? requestedRoleClaims(instance, user, record) : {}
}
