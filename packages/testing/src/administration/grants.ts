import { type Instance, requireKnown } from '../instance/instance.js'
import type { Grant, Project, User } from '../instance/model.js'
import { recordGrantEvent } from './record-event.js'

/** One role, or several. */
type RoleChoice = { readonly role: string } | { readonly roles: readonly string[] }

/**
 * Which `role` or `roles` of a `project` to grant, and in which organization: `organizationId`, or without it the
 * organization of the project.
 */
export type GrantOptions = RoleChoice & {
  /** The project that has the role. */
  readonly project: Project
  /**
   * The organization in which the role is granted, which need not be the user's. Without it, the organization of the
   * project.
   */
  readonly organizationId?: string
}

/**
 * Which `role` or `roles` of a `project` to revoke, and in which organization: `organizationId`, or without it all of
 * them.
 */
export type RevokeOptions = RoleChoice & {
  /** The project that has the role. */
  readonly project: Project
  /** The organization in which the role is revoked. Without it, all organizations. */
  readonly organizationId?: string
}

/**
 * The part of {@link LocalZitadel} for granting roles.
 *
 * @group Types for the compiler
 */
export interface GrantAdministration {
  /**
   * Grants roles of a project to a user, as "Authorizations" in the Console does. The next introspection shows them.
   *
   * @throws `Error`: when the project does not have the role
   */
  grantRole(user: User, options: GrantOptions): void
  /** Revokes roles. Returns whether any was granted. */
  revokeRole(user: User, options: RevokeOptions): boolean
}

export function createGrantAdministration(instance: Instance): GrantAdministration {
  return {
    grantRole(user, { project, organizationId = project.organizationId, ...choice }) {
      const roles = readRoles(choice)
      for (const role of roles) requireRole(instance, project, role)
      const key = [user.id, project.id, organizationId].join(' ')
      const granted = instance.grants.get(key)
      const ids = { id: granted?.id ?? instance.nextId(), userId: user.id, projectId: project.id, organizationId }
      const grant = { ...ids, roles: new Set([...(granted?.roles ?? []), ...roles]) }
      instance.grants.set(key, grant)
      recordGrant(instance, grant, granted)
    },
    revokeRole(user, { project, organizationId, ...choice }) {
      const grants = [...instance.grants]
        .filter(([, grant]) => grant.userId === user.id && grant.projectId === project.id)
        .filter(([, grant]) => organizationId === undefined || grant.organizationId === organizationId)
        .filter(([, grant]) => readRoles(choice).some((role) => grant.roles.has(role)))
      for (const [key, grant] of grants) {
        for (const role of readRoles(choice)) grant.roles.delete(role)
        if (grant.roles.size === 0) instance.grants.delete(key)
        recordRevocation(instance, grant)
      }
      return grants.length > 0
    },
  }
}

/** A grant that says nothing new is no event. */
function recordGrant(instance: Instance, grant: Grant, before: Grant | undefined): void {
  const { userId, projectId } = grant
  const roleKeys = [...grant.roles]
  if (before === undefined) recordGrantEvent(instance, 'user.grant.added', grant, { userId, projectId, roleKeys })
  else if (before.roles.size < roleKeys.length)
    recordGrantEvent(instance, 'user.grant.changed', grant, { userId, roleKeys })
}

/** A grant without a role is no more. */
function recordRevocation(instance: Instance, grant: Grant): void {
  const { userId, projectId } = grant
  const roleKeys = [...grant.roles]
  if (roleKeys.length > 0) recordGrantEvent(instance, 'user.grant.changed', grant, { userId, roleKeys })
  else recordGrantEvent(instance, 'user.grant.removed', grant, { userId, projectId })
}

function readRoles(choice: RoleChoice): readonly string[] {
  return 'roles' in choice ? choice.roles : [choice.role]
}

function requireRole(instance: Instance, project: Project, role: string): void {
  const roles = requireKnown(instance.rolesByProject, project.id, 'project')
  if (!roles.has(role))
    throw new Error(`the project "${project.name}" has no role "${role}": create it with createRole first`)
}
