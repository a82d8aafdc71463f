import { type Instance, requireKnown } from '../instance/instance.js'
import type { User } from '../instance/model.js'
import type { Claims } from './claims.js'
import {
  METADATA_SCOPE,
  RESOURCE_OWNER_SCOPE,
  readOrganizationDomainScopes,
  readOrganizationScopes,
  USER_GROUP_NAMES_SCOPE,
  USER_GROUPS_SCOPE,
} from './scopes.js'

/** The `urn:zitadel:iam` claims a token's scopes ask for, roles aside, and the names of groups. They are in JWTs and introspection answers alike. */
export function reservedClaims(instance: Instance, user: User, scopes: readonly string[]): Claims {
  const organizationId = readOrganizationScopes(scopes).at(-1)
  const asksForOwner = organizationId !== undefined || scopes.includes(RESOURCE_OWNER_SCOPE)
  return {
    ...(asksForOwner && resourceOwnerClaims(instance, user)),
    'urn:zitadel:iam:org:id': organizationId,
    'urn:zitadel:iam:org:domain:primary': readOrganizationDomainScopes(scopes).at(-1),
    'urn:zitadel:iam:user:metadata': scopes.includes(METADATA_SCOPE) ? metadataClaim(instance, user) : undefined,
    ...groupClaims(instance, user, scopes),
  }
}

function resourceOwnerClaims(instance: Instance, user: User): Claims {
  const organization = requireKnown(instance.organizations, user.organizationId, 'organization')
  return {
    'urn:zitadel:iam:user:resourceowner:id': organization.id,
    'urn:zitadel:iam:user:resourceowner:name': organization.name,
    'urn:zitadel:iam:user:resourceowner:primary_domain': organization.primaryDomain,
  }
}

/** Values are base64url without padding. A user without metadata has no such claim. */
function metadataClaim(instance: Instance, user: User): Claims | undefined {
  const metadata = [...(instance.metadataByUser.get(user.id) ?? [])]
  if (metadata.length === 0) return undefined
  return Object.fromEntries(metadata.map(([key, value]) => [key, Buffer.from(value).toString('base64url')]))
}

/** A user in no group has no such claim. */
function groupClaims(instance: Instance, user: User, scopes: readonly string[]): Claims {
  const groups = [...(instance.groupsByUser.get(user.id) ?? [])].map((id) =>
    requireKnown(instance.userGroups, id, 'group'),
  )
  if (groups.length === 0) return {}
  return {
    ...(scopes.includes(USER_GROUPS_SCOPE) && { [USER_GROUPS_SCOPE]: groups.map(({ id, name }) => ({ id, name })) }),
    ...(scopes.includes(USER_GROUP_NAMES_SCOPE) && { groups: groups.map(({ name }) => name) }),
  }
}
