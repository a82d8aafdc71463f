import { isFrozenRecord, isJsonObject, type JsonObject, toFrozenRecord } from '../internal/json.js'

/** Granted roles: role name, then id of the granting organization, then the primary domain of that organization. */
export type RoleGrants = Readonly<Record<string, Readonly<Record<string, string>>>>

const generalClaim = 'urn:zitadel:iam:org:project:roles'
const projectClaim = /^urn:zitadel:iam:org:project:([^:]+):roles$/

const none: RoleGrants = toFrozenRecord([])

/**
 * Reads the roles of every project that the claims name.
 *
 * @returns the grants by project id
 */
export function readRolesByProject(claims: JsonObject): Readonly<Record<string, RoleGrants>> {
  const roles: [projectId: string, RoleGrants][] = []
  for (const name of Object.keys(claims)) {
    const projectId = projectClaim.exec(name)?.[1]
    if (projectId !== undefined) roles.push([projectId, readRoleGrants(claims[name])])
  }
  return toFrozenRecord(roles)
}

/**
 * Tells whether claims name other projects alone: ZITADEL's answer names the project of the application that asks, where the user has
 * roles in it.
 */
export function namesOtherProjects(claims: JsonObject, projectId: string): boolean {
  const projects = Object.keys(readRolesByProject(claims))
  return projects.length > 0 && !projects.includes(projectId)
}

/**
 * Reads the roles in the API's own project. With a known project id only that project's claim counts; without one the
 * general claim does, which an introspection answer always gives for the project of the API that asks.
 */
export function readOwnRoles(
  claims: JsonObject,
  rolesByProject: Readonly<Record<string, RoleGrants>>,
  projectId: string | undefined,
): RoleGrants {
  return projectId === undefined ? readRoleGrants(claims[generalClaim]) : (rolesByProject[projectId] ?? none)
}

/** A role that no organization grants is not granted; whatever does not have the shape of a grant is none. */
function readRoleGrants(claim: unknown): RoleGrants {
  if (!isJsonObject(claim)) return none
  // Frozen claims can be shared, and a copy of the roles is most of what a remembered token takes.
  if (isRoleGrants(claim)) return claim
  return toFrozenRecord(
    Object.entries(claim).flatMap(([role, organizations]) => {
      const grants = isJsonObject(organizations) ? Object.entries(organizations) : []
      return grants.length === 0 ? [] : [[role, toFrozenRecord(grants.map(toDomain))] as const]
    }),
  )
}

/** Tells whether a claim has the shape that ZITADEL gives it, and nobody can change it. */
function isRoleGrants(claim: JsonObject): claim is RoleGrants {
  return isFrozenRecord(claim) && Object.values(claim).every(isGrant)
}

function isGrant(organizations: unknown): boolean {
  if (!isFrozenRecord(organizations)) return false
  const domains = Object.values(organizations)
  return domains.length > 0 && domains.every((domain) => typeof domain === 'string')
}

function toDomain([organizationId, domain]: [string, unknown]): readonly [string, string] {
  return [organizationId, typeof domain === 'string' ? domain : '']
}
