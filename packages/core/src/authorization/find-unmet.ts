import { AuthorizationError } from '../errors/authorization-error.js'
import { examineAuthentication } from './authentication.js'
import type { AuthorizationContext, RoleCheckOptions } from './context.js'
import { nameAll, toList } from './lists.js'
import type { Requirement } from './requirement.js'
import { namesOtherProjects } from './role-grants.js'

type Examine = (context: AuthorizationContext, requirement: Requirement) => AuthorizationError | undefined

/**
 * Finds the first part of a requirement that a context does not meet, `check` aside.
 *
 * @param requirement - as `readRequirement` gives it
 * @returns the error to throw, or undefined when everything is met
 */
export function findUnmet(context: AuthorizationContext, requirement: Requirement): AuthorizationError | undefined {
  for (const examine of parts) {
    const error = examine(context, requirement)
    if (error !== undefined) return error
  }
  return undefined
}

const parts: readonly Examine[] = [
  examineRoles,
  examineOrganization,
  examineGroups,
  examineScopes,
  examineClient,
  examineActor,
  // Last: to log in again is of no use to those who lack something else.
  examineAuthentication,
]

function examineRoles(context: AuthorizationContext, requirement: Requirement): AuthorizationError | undefined {
  const { role, anyRole = [], allRoles = [], inProject } = requirement
  const where = toRoleCheckOptions(requirement)
  const needed = role === undefined ? allRoles : [role, ...allRoles]
  const missing = needed.filter((name) => !context.isGrantedRole(name, where))
  if (missing.length > 0) return deniedRole(`missing required ${nameAll('role', missing)}`, context, inProject)
  if (anyRole.length > 0 && !anyRole.some((name) => context.isGrantedRole(name, where))) {
    return deniedRole(`missing one of the required ${nameAll('role', anyRole)}`, context, inProject)
  }
  return undefined
}

/** Refusals for a role in another project than those that ZITADEL's answer can name. */
const elsewhere = new WeakSet<AuthorizationError>()

/** Tells whether nobody can meet what was asked for, as long as ZITADEL is always asked: a mistake of the API's developer. */
export function isNeverMet(error: AuthorizationError): boolean {
  return elsewhere.has(error)
}

/** Why, and what to do about it. */
export const ownProjectOnly =
  "ZITADEL's answer to an introspection has the roles in the API's own project alone: for others use verification: 'auto' and tokens that are JWTs"

function deniedRole(unmet: string, context: AuthorizationContext, inProject: string | undefined): AuthorizationError {
  if (inProject === undefined || context.verifiedBy !== 'introspection') return denied(unmet)
  const error = denied(unmet, { hint: ownProjectOnly })
  if (namesOtherProjects(context.claims, inProject)) elsewhere.add(error)
  return error
}

function examineOrganization(context: AuthorizationContext, requirement: Requirement): AuthorizationError | undefined {
  const { organizationId } = requirement
  if (organizationId === undefined || organizationId === context.organizationId) return undefined
  return denied('organization is not allowed', {
    hint: context.organizationId === undefined ? organizationUnknown : undefined,
  })
}

const organizationUnknown =
  'ZITADEL does not say which one the user belongs to, so the client must request the scope urn:zitadel:iam:user:resourceowner'

function examineGroups(context: AuthorizationContext, requirement: Requirement): AuthorizationError | undefined {
  const { group, anyGroup = [] } = requirement
  const isMember = (id: string): boolean => context.groups.some((member) => member.id === id)
  const isMet = (group === undefined || isMember(group)) && (anyGroup.length === 0 || anyGroup.some(isMember))
  if (isMet) return undefined
  return denied('missing required group', { hint: context.groups.length === 0 ? groupsUnknown : undefined })
}

const groupsUnknown =
  'ZITADEL names no group of the user, who is in none, or whose client did not request the scope urn:zitadel:iam:user:groups'

/** What is wrong, and what to do about it. */
export const scopeOfJwt = "a requirement asks for a scope, and a JWT of ZITADEL has none: use verification: 'auto'"

function examineScopes(context: AuthorizationContext, { scope }: Requirement): AuthorizationError | undefined {
  const scopes = toList(scope)
  if (scopes.length === 0) return undefined
  // That a JWT names no scope does not mean that it has none, and certainly not that it has all.
  if (context.verifiedBy === 'jwt') {
    return new AuthorizationError('ERR_CONFIGURATION', `${scopeOfJwt} and authenticate(header, requirement)`)
  }
  const missing = scopes.filter((name) => !context.scopes.includes(name))
  return missing.length === 0 ? undefined : denied(`missing required ${nameAll('scope', missing)}`, { scopes })
}

function examineClient(context: AuthorizationContext, { clientId }: Requirement): AuthorizationError | undefined {
  const allowed = toList(clientId)
  const isAllowed = allowed.length === 0 || allowed.some((id) => id === context.clientId)
  return isAllowed ? undefined : denied('client is not allowed')
}

function examineActor(context: AuthorizationContext, requirement: Requirement): AuthorizationError | undefined {
  const isAllowed = requirement.allowImpersonation !== false || context.actor === undefined
  return isAllowed ? undefined : denied('impersonation is not allowed')
}

function toRoleCheckOptions({ inOrganization, inProject }: Requirement): RoleCheckOptions {
  return {
    ...(inOrganization === undefined ? {} : { organizationId: inOrganization }),
    ...(inProject === undefined ? {} : { projectId: inProject }),
  }
}

/**
 * @param unmetRequirement - what the client may read
 * @param more - `hint`: what the developer of the API needs to know beyond it; `scopes`: all that are needed
 */
function denied(
  unmetRequirement: string,
  { hint, scopes }: { readonly hint?: string | undefined; readonly scopes?: readonly string[] } = {},
): AuthorizationError {
  const reason = hint === undefined ? unmetRequirement : `${unmetRequirement}: ${hint}`
  return new AuthorizationError('ERR_PERMISSION_DENIED', reason, { unmetRequirement, requiredScopes: scopes })
}
