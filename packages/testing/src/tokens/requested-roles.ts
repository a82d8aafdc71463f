import { type Instance, requireKnown } from '../instance/instance.js'
import type { User } from '../instance/model.js'
import type { Claims } from './claims.js'
import { roleClaims } from './role-claims.js'
import { PROJECTS_ROLES_SCOPE, readAudienceScopes, readRoleScopes } from './scopes.js'

interface TokenOfUser {
  readonly clientId?: string | undefined
  readonly scopes: readonly string[]
}

/**
 * The roles that a user's scopes ask for: those of the projects whose audience they name, and for a person those of the
 * project they logged in to. A service account has logged in to none, and so only the claims with a project id.
 */
export function requestedRoleClaims(instance: Instance, user: User, { clientId = '', scopes }: TokenOfUser): Claims {
  // An audience scope asks for a project's roles only beside a scope that asks for roles at all.
  const asksForRoles = scopes.includes(PROJECTS_ROLES_SCOPE) || readRoleScopes(scopes).length > 0
  const projectIds = asksForRoles ? readAudienceScopes(scopes) : []
  const application = user.kind === 'human' ? instance.applications.get(clientId) : undefined
  if (application === undefined) return roleClaims(instance, { userId: user.id, scopes, projectIds })
  const project = requireKnown(instance.projects, application.projectId, 'project')
  const asksForOwn = project.roleAssertion || projectIds.length > 0 || readRoleScopes(scopes).length > 0
  return roleClaims(instance, {
    userId: user.id,
    scopes,
    projectIds: [...new Set([...projectIds, ...(asksForOwn ? [project.id] : [])])],
    ownProjectId: project.id,
  })
}
