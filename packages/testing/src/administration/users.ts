import type { Instance } from '../instance/instance.js'
import type { HumanProfile, HumanUser, ServiceUser, User } from '../instance/model.js'
import { removeTokensOf } from '../tokens/access-tokens.js'
import { recordGrantEvent, recordUserEvent } from './record-event.js'

/** The options of any new user. */
interface UserOptions {
  /** The user name, which must be unique. For a service account it is the `client_id` of its tokens. */
  readonly userName: string
  /**
   * What the user logs in with, which must be unique. For a service account it is the client id of the grant
   * `client_credentials`. Without it, the user name.
   */
  readonly loginName?: string
  /** The display name. Without it, the user name. */
  readonly name?: string
  /** The id of the user's organization. Without it, the first organization. */
  readonly organizationId?: string
}

/** The options of a new service account. */
export interface ServiceUserOptions extends UserOptions {
  /**
   * What the token endpoint gives to this user: opaque tokens (`bearer`), or JWTs.
   *
   * @defaultValue `'bearer'`
   */
  readonly accessTokenType?: ServiceUser['accessTokenType']
}

/** The options of a new person. */
export interface HumanUserOptions extends UserOptions, HumanProfile {}

/**
 * The part of {@link LocalZitadel} for people and service accounts.
 *
 * @group Types for the compiler
 */
export interface UserAdministration {
  /**
   * Creates a service account, without credentials.
   *
   * @throws `Error`: when the user name or the login name is taken
   */
  createServiceUser(options: ServiceUserOptions): ServiceUser
  /**
   * Creates a person. Profile, email and phone are only in tokens with their scopes.
   *
   * @throws `Error`: when the user name or the login name is taken
   */
  createHumanUser(options: HumanUserOptions): HumanUser
  /** Adds metadata to a user. Tokens with the scope `urn:zitadel:iam:user:metadata` have it, base64url encoded. */
  setMetadata(user: User, metadata: Readonly<Record<string, string>>): void
  /** Deactivates a user: all their tokens are inactive from now on, also when the user is activated again. */
  deactivateUser(user: User): void
  /** Activates a deactivated user again: new tokens are accepted, the old ones are not. */
  reactivateUser(user: User): void
  /** Locks a user, as too many wrong passwords do. For tokens it is the same as deactivating. */
  lockUser(user: User): void
  /** Removes a user, with all tokens and grants. */
  removeUser(user: User): void
  /** Unlocks a user: new tokens are accepted, the old ones are not. */
  unlockUser(user: User): void
}

export function createUserAdministration(instance: Instance): UserAdministration {
  const register = <T extends User>(user: T): T => {
    Object.freeze(user)
    instance.users.set(user.id, user)
    return user
  }
  const identify = ({ userName, loginName = userName, name = userName, organizationId }: UserOptions) => {
    requireFreeName(instance, userName, loginName)
    return {
      id: instance.nextId(),
      userName,
      loginName,
      name,
      organizationId: organizationId ?? instance.defaultOrganization.id,
      updatedAt: new Date(instance.now()),
    }
  }
  const block = (blocked: Set<string>, event: string) => (user: User) => {
    blocked.add(user.id)
    removeTokensOf(instance, user.id)
    recordUserEvent(instance, event, user.id)
  }
  const unblock = (blocked: Set<string>, event: string) => (user: User) => {
    blocked.delete(user.id)
    recordUserEvent(instance, event, user.id)
  }

  return {
    createServiceUser: ({ accessTokenType = 'bearer', ...options }) =>
      register({ ...identify(options), kind: 'service', accessTokenType }),
    createHumanUser: (options) => register({ ...options, ...identify(options), kind: 'human' }),
    setMetadata({ id }, metadata) {
      const known = instance.metadataByUser.get(id) ?? []
      instance.metadataByUser.set(id, new Map([...known, ...Object.entries(metadata)]))
    },
    deactivateUser: block(instance.deactivated, 'user.deactivated'),
    reactivateUser: unblock(instance.deactivated, 'user.reactivated'),
    lockUser: block(instance.locked, 'user.locked'),
    unlockUser: unblock(instance.locked, 'user.unlocked'),
    removeUser(user) {
      recordUserEvent(instance, 'user.removed', user.id)
      removeTokensOf(instance, user.id)
      removeGrantsOf(instance, user.id)
      instance.users.delete(user.id)
    },
  }
}

function removeGrantsOf(instance: Instance, userId: string): void {
  for (const [key, grant] of instance.grants) {
    if (grant.userId !== userId) continue
    instance.grants.delete(key)
    recordGrantEvent(instance, 'user.grant.cascade.removed', grant)
  }
}

function requireFreeName(instance: Instance, userName: string, loginName: string): void {
  const users = [...instance.users.values()]
  if (users.some((user) => user.userName === userName)) throw new Error(`the user name "${userName}" is already taken`)
  if (users.some((user) => user.loginName === loginName))
    throw new Error(`the login name "${loginName}" is already taken`)
}
