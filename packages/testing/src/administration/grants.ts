import { type Instance, requireKnown } from '../instance/instance.js'
import type { Grant, Project, User } from '../instance/model.js'
import { recordGrantEvent } from './record-event.js'

/** One role, or several. */
type RoleChoice = { readonly role: string } | { readonly roles: readonly string[] }

/** What to grant, and where. */
export type GrantOptions = RoleChoice & {
  /** The project that has the role. */
  readonly project: Project
  /** The organization in which the role is assigned, not the user's own. Default: the project's organization. */
  readonly organizationId?: string
}

/** What to take away, and where. */
export type RevokeOptions = RoleChoice & {
  /** The project that has the role. */
  readonly project: Project
  /** Default: every organization. */
  readonly organizationId?: string
}

/** Who has which roles. */
export interface GrantAdministration {
  /**
   * Assigns roles of a project to a user, as the Console's "Authorizations" does. It is visible to the next introspection.
   *
   * @throws {Error} when the project has no such role: it creates nothing by itself.
   */
  grantRole(user: User, options: GrantOptions): void
  /** Takes assigned roles away. Says whether there was one to take. */
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
