import { type Instance, requireKnown } from '../instance/instance.js'
import type { User, UserGroup } from '../instance/model.js'

/** The options of a new user group. */
export interface UserGroupOptions {
  /** The name. It must be unique in its organization. */
  readonly name: string
  /** The id of the organization of the group. Without it, the first organization. */
  readonly organizationId?: string
}

/**
 * The part of {@link LocalZitadel} for user groups.
 *
 * @group Types for the compiler
 */
export interface UserGroupAdministration {
  /**
   * Creates a group.
   *
   * @throws `Error`: when the organization has a group with that name
   */
  createUserGroup(options: UserGroupOptions): UserGroup
  /**
   * Adds a user to a group. The next introspection of a token with the scope `urn:zitadel:iam:user:groups` shows it.
   *
   * @throws `Error`: when the user belongs to another organization than the group
   */
  addToUserGroup(user: User, group: UserGroup): void
  /** Removes a user from a group. Returns whether they were in it. */
  removeFromUserGroup(user: User, group: UserGroup): boolean
}

export function createUserGroupAdministration(instance: Instance): UserGroupAdministration {
  return {
    createUserGroup({ name, organizationId = instance.defaultOrganization.id }) {
      const taken = [...instance.userGroups.values()].some(
        (group) => group.name === name && group.organizationId === organizationId,
      )
      if (taken) throw new Error(`the organization has a group named "${name}" already`)
      const group = Object.freeze({ id: instance.nextId(), name, organizationId })
      instance.userGroups.set(group.id, group)
      return group
    },
    addToUserGroup(user, { id }) {
      const { organizationId } = requireKnown(instance.userGroups, id, 'group')
      if (requireKnown(instance.users, user.id, 'user').organizationId !== organizationId) {
        throw new Error(`the user "${user.userName}" belongs to another organization than the group`)
      }
      instance.groupsByUser.set(user.id, new Set([...(instance.groupsByUser.get(user.id) ?? []), id]))
    },
    removeFromUserGroup: (user, { id }) => instance.groupsByUser.get(user.id)?.delete(id) ?? false,
  }
}
