import { type Instance, requireKnown } from '../instance/instance.js'
import type { Claims } from './claims.js'
import { readRoleOrganizationScopes, readRoleScopes } from './scopes.js'

interface RoleQuery {
  readonly userId: string
  readonly scopes: readonly string[]
  /** The projects whose roles are asked for. */
  readonly projectIds: readonly string[]
  /** The project that the claim without a project id speaks of; service accounts' own tokens have none. */
  readonly ownProjectId?: string | undefined
}

/** Role to organization id to the organization's primary domain. Maps, since a role may be called `__proto__`. */
type Roles = ReadonlyMap<string, ReadonlyMap<string, string>>

/** The roles claims: one for each project in which the user was granted a role the scopes let through. */
export function roleClaims(instance: Instance, query: RoleQuery): Claims {
  const projects = query.projectIds
    .map((projectId) => ({ projectId, roles: findRoles(instance, projectId, query) }))
    .filter(({ roles }) => roles.size > 0)
    .map(({ projectId, roles }) => ({ projectId, roles: toClaim(roles) }))
  const own = projects.find(({ projectId }) => projectId === query.ownProjectId)
  return {
    ...(own && { 'urn:zitadel:iam:org:project:roles': own.roles }),
    ...Object.fromEntries(
      projects.map(({ projectId, roles }) => [`urn:zitadel:iam:org:project:${projectId}:roles`, roles]),
    ),
  }
}

function findRoles(instance: Instance, projectId: string, { userId, scopes }: RoleQuery): Roles {
  const requestedRoles = readRoleScopes(scopes)
  const requestedOrganizations = readRoleOrganizationScopes(scopes)
  const found = new Map<string, Map<string, string>>()
  for (const grant of instance.grants.values()) {
    if (grant.userId !== userId || grant.projectId !== projectId) continue
    if (!isRequested(requestedOrganizations, grant.organizationId)) continue
    const { id, primaryDomain } = requireKnown(instance.organizations, grant.organizationId, 'organization')
    for (const role of grant.roles) {
      if (isRequested(requestedRoles, role)) found.set(role, (found.get(role) ?? new Map()).set(id, primaryDomain))
    }
  }
  return found
}

/** Scopes narrow only when there are any. */
function isRequested(requested: readonly string[], id: string): boolean {
  return requested.length === 0 || requested.includes(id)
}

function toClaim(roles: Roles): Claims {
  return Object.fromEntries([...roles].map(([role, organizations]) => [role, Object.fromEntries(organizations)]))
}
