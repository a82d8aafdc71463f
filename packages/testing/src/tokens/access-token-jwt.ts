import { type Instance, requireKnown } from '../instance/instance.js'
import type { AccessTokenRecord, User } from '../instance/model.js'
import { type Claims, mergeClaims, toActClaim } from './claims.js'
import { reservedClaims } from './reserved-claims.js'
import { roleClaims } from './role-claims.js'
import { PROJECTS_ROLES_SCOPE, readAudienceScopes, readRoleScopes } from './scopes.js'
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

/**
 * Roles are in the JWTs of service users whenever asked for, and then only under the claims with a project id.
 * In those of people, the web application must say "Add user roles to the access token".
 */
function assertedRoles(instance: Instance, user: User, { clientId = '', scopes }: AccessTokenRecord): Claims {
  const application = instance.applications.get(clientId)
  if (user.kind === 'service') return roleClaims(instance, toRoleQuery(user, scopes))
  if (application?.authMethod !== 'none' || !application.accessTokenRoleAssertion) return {}
  const project = requireKnown(instance.projects, application.projectId, 'project')
  const { projectIds, ...query } = toRoleQuery(user, scopes)
  const asksForRoles = project.roleAssertion || projectIds.length > 0 || readRoleScopes(scopes).length > 0
  const ownProject = asksForRoles ? [project.id] : []
  return roleClaims(instance, {
    ...query,
    projectIds: [...new Set([...projectIds, ...ownProject])],
    ownProjectId: project.id,
  })
}

/** An audience scope asks for a project's roles only beside a scope that asks for roles at all. */
function toRoleQuery(user: User, scopes: readonly string[]) {
  const asksForRoles = scopes.includes(PROJECTS_ROLES_SCOPE) || readRoleScopes(scopes).length > 0
  return { userId: user.id, scopes, projectIds: asksForRoles ? readAudienceScopes(scopes) : [] }
}
