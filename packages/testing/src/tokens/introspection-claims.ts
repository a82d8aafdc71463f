import { type Instance, requireKnown } from '../instance/instance.js'
import type { AccessTokenRecord, Application } from '../instance/model.js'
import { type Claims, mergeClaims, toActClaim } from './claims.js'
import { reservedClaims } from './reserved-claims.js'
import { roleClaims } from './role-claims.js'
import { toRoleScope } from './scopes.js'
import { userClaims } from './user-claims.js'

/**
 * Makes a personal access token fit whoever asks about it, as ZITADEL does: the client and its project join the
 * audience, and every role of the project joins the scope, granted or not.
 */
export function padPersonalToken(
  instance: Instance,
  record: AccessTokenRecord,
  { clientId, projectId }: Application,
): AccessTokenRecord {
  const roles = requireKnown(instance.rolesByProject, projectId, 'project')
  return {
    ...record,
    audience: [...record.audience, clientId, projectId],
    scopes: [...record.scopes, ...[...roles].map(toRoleScope)],
  }
}

/** All that introspection tells about an active token. Roles are those of the asking API's own project, read now. */
export function describeToken(instance: Instance, record: AccessTokenRecord, projectId: string): Claims {
  const user = requireKnown(instance.users, record.userId, 'user')
  const roles = { userId: user.id, scopes: record.scopes, projectIds: [projectId], ownProjectId: projectId }
  const ownClaims = {
    active: true,
    scope: record.scopes.join(' '),
    client_id: record.clientId,
    token_type: 'Bearer',
    exp: record.expiresAtSeconds,
    iat: record.issuedAtSeconds,
    nbf: record.issuedAtSeconds,
    auth_time: record.kind === 'session' ? record.issuedAtSeconds : undefined,
    amr: record.authenticationMethods.length > 0 ? record.authenticationMethods : undefined,
    sub: user.id,
    aud: record.audience,
    iss: instance.issuer,
    jti: record.id,
    act: toActClaim(record.actor, instance.issuer),
    username: record.scopes.includes('profile') ? user.loginName : undefined,
    ...userClaims(user, record.scopes),
    ...reservedClaims(instance, user, record.scopes),
    ...roleClaims(instance, roles),
  }
  return mergeClaims(ownClaims, record.customClaims)
}
