import type { Instance } from '../instance/instance.js'
import type { HumanProfile, HumanUser, ServiceUser, User } from '../instance/model.js'
import { removeTokensOf } from '../tokens/access-tokens.js'
import { recordGrantEvent, recordUserEvent } from './record-event.js'

/** What every new user is like. */
interface UserOptions {
  /** For a service account the `client_id` of its tokens. It must be free. */
  readonly userName: string
  /**
   * What the user logs in by, for example with the organization's domain; for a service account the client id of the
   * `client_credentials` grant. It must be free. Default: the user name.
   */
  readonly loginName?: string
  /** Default: the user name. */
  readonly name?: string
  /** Default: the first organization. */
  readonly organizationId?: string
}

/** What a new service account is like. */
export interface ServiceUserOptions extends UserOptions {
  /** What the token endpoint gives this user: opaque tokens, or JWTs. Default: `bearer`. */
  readonly accessTokenType?: ServiceUser['accessTokenType']
}

/** What a new person is like. */
export interface HumanUserOptions extends UserOptions, HumanProfile {}

/** People and service accounts. */
export interface UserAdministration {
  /** Creates a service account, still without any way to authenticate. */
  createServiceUser(options: ServiceUserOptions): ServiceUser
  /** Creates a person. Profile, email and phone are in tokens by their scopes only. */
  createHumanUser(options: HumanUserOptions): HumanUser
  /** Adds metadata to a user; tokens carry it with the scope `urn:zitadel:iam:user:metadata`, base64url encoded. */
  setMetadata(user: User, metadata: Readonly<Record<string, string>>): void
  /** Deactivates a user: all their tokens introspect as inactive from now on, and stay so when the user is reactivated. */
  deactivateUser(user: User): void
  /** Makes a deactivated user active again: new tokens are accepted, the old ones are not. */
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
