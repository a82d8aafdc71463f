import { type Instance, requireKnown } from '../instance/instance.js'
import type { User, UserGroup } from '../instance/model.js'

/** What a new group is like. */
export interface UserGroupOptions {
  /** The name. It must be free in its organization; another organization may have a group of the same name. */
  readonly name: string
  /** The organization the group belongs to. Default: the first organization. */
  readonly organizationId?: string
}

/** User groups. */
export interface UserGroupAdministration {
  /** Creates a group. */
  createUserGroup(options: UserGroupOptions): UserGroup
  /**
   * Puts a user into a group. It is visible to the next introspection of a token with the scope `urn:zitadel:iam:user:groups`.
   *
   * @throws {Error} when the user belongs to another organization than the group
   */
  addToUserGroup(user: User, group: UserGroup): void
  /** Takes a user out of a group. Says whether they were in it. */
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
