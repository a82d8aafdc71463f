import type { Organization } from '../instance/model.js'

const PROJECT_ROLE_PREFIX = 'urn:zitadel:iam:org:project:role:'
const ROLE_ORGANIZATION_PREFIX = 'urn:zitadel:iam:org:roles:id:'
const PROJECT_PREFIX = 'urn:zitadel:iam:org:project:id:'
const PROJECT_SUFFIX = ':aud'
const ORGANIZATION_PREFIX = 'urn:zitadel:iam:org:id:'
const ORGANIZATION_DOMAIN_PREFIX = 'urn:zitadel:iam:org:domain:primary:'
const IDENTITY_PROVIDER_PREFIX = 'urn:zitadel:iam:org:idp:id:'

export const PROJECTS_ROLES_SCOPE = 'urn:zitadel:iam:org:projects:roles'
export const METADATA_SCOPE = 'urn:zitadel:iam:user:metadata'
export const RESOURCE_OWNER_SCOPE = 'urn:zitadel:iam:user:resourceowner'
export const USER_GROUPS_SCOPE = 'urn:zitadel:iam:user:groups'
export const USER_GROUP_NAMES_SCOPE = 'groups'

const plainScopes: ReadonlySet<string> = new Set([
  'openid',
  'profile',
  'email',
  'phone',
  'address',
  'offline_access',
  PROJECTS_ROLES_SCOPE,
  METADATA_SCOPE,
  RESOURCE_OWNER_SCOPE,
  USER_GROUPS_SCOPE,
  USER_GROUP_NAMES_SCOPE,
])

const prefixes = [
  PROJECT_ROLE_PREFIX,
  ROLE_ORGANIZATION_PREFIX,
  PROJECT_PREFIX,
  ORGANIZATION_PREFIX,
  ORGANIZATION_DOMAIN_PREFIX,
  IDENTITY_PROVIDER_PREFIX,
]

/** Whether ZITADEL knows the scope; the token endpoint strips the others. */
export function isKnownScope(scope: string): boolean {
  return plainScopes.has(scope) || prefixes.some((prefix) => scope.startsWith(prefix))
}

/** The ids of the projects whose audience was asked for. */
export function readAudienceScopes(scopes: readonly string[]): string[] {
  return readSuffixes(scopes, PROJECT_PREFIX)
    .filter((rest) => rest.endsWith(PROJECT_SUFFIX))
    .map((rest) => rest.slice(0, -PROJECT_SUFFIX.length))
}

/** The roles the token was narrowed to; none means all. */
export function readRoleScopes(scopes: readonly string[]): string[] {
  return readSuffixes(scopes, PROJECT_ROLE_PREFIX)
}

/** The organizations the token's roles were narrowed to; none means all. */
export function readRoleOrganizationScopes(scopes: readonly string[]): string[] {
  return readSuffixes(scopes, ROLE_ORGANIZATION_PREFIX)
}

/** The organizations the user had to belong to. */
export function readOrganizationScopes(scopes: readonly string[]): string[] {
  return readSuffixes(scopes, ORGANIZATION_PREFIX)
}

/** The organization domains the user had to log in with. */
export function readOrganizationDomainScopes(scopes: readonly string[]): string[] {
  return readSuffixes(scopes, ORGANIZATION_DOMAIN_PREFIX)
}

/** Drops the scopes that name another organization than the user's: no token ever has them. */
export function dropForeignScopes(scopes: readonly string[], { id, primaryDomain }: Organization): string[] {
  return scopes
    .filter((scope) => readOrganizationScopes([scope]).every((named) => named === id))
    .filter((scope) => readOrganizationDomainScopes([scope]).every((named) => named === primaryDomain))
}

/** The scope that narrows a token to a role. */
export function toRoleScope(role: string): string {
  return `${PROJECT_ROLE_PREFIX}${role}`
}

function readSuffixes(scopes: readonly string[], prefix: string): string[] {
  return scopes.filter((scope) => scope.startsWith(prefix)).map((scope) => scope.slice(prefix.length))
}
