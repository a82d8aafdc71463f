import { type Instance, requireKnown } from '../instance/instance.js'
import type { HumanProfile, HumanUser, ServiceUser, User } from '../instance/model.js'

/** What every new user is like. */
interface UserOptions {
  /** Also the login name. It must be free. */
  readonly userName: string
  /** Default: the user name. */
  readonly name?: string
  /** Default: the first organization. */
  readonly organizationId?: string
}

/** What a new service user is like. */
export interface ServiceUserOptions extends UserOptions {
  /** What the token endpoint gives this user: opaque tokens, or JWTs. Default: `bearer`. */
  readonly accessTokenType?: ServiceUser['accessTokenType']
}

/** What a new person is like. */
export interface HumanUserOptions extends UserOptions, HumanProfile {}

/** People and service users. */
export interface UserAdministration {
  /** Creates a service user, still without any way to authenticate. */
  createServiceUser(options: ServiceUserOptions): ServiceUser
  /** Creates a person. */
  createHumanUser(options: HumanUserOptions): HumanUser
  /** Adds metadata to a user; tokens carry it with the scope `urn:zitadel:iam:user:metadata`, base64url encoded. */
  setMetadata(user: User, metadata: Readonly<Record<string, string>>): void
  /** Deactivates a user: all their tokens introspect as inactive from now on. */
  deactivateUser(user: User): void
}

export function createUserAdministration(instance: Instance): UserAdministration {
  const register = <T extends User>(user: T): T => {
    requireKnown(instance.organizations, user.organizationId, 'organization')
    Object.freeze(user)
    instance.users.set(user.id, user)
    return user
  }
  const identify = ({ userName, name = userName, organizationId = instance.defaultOrganization.id }: UserOptions) => {
    requireFreeName(instance, userName)
    return { id: instance.nextId(), userName, name, organizationId, updatedAt: new Date(instance.now()) }
  }

  return {
    createServiceUser: ({ accessTokenType = 'bearer', ...options }) =>
      register({ ...identify(options), kind: 'service', accessTokenType }),
    createHumanUser: (options) => register({ ...options, ...identify(options), kind: 'human' }),
    setMetadata({ id }, metadata) {
      requireKnown(instance.users, id, 'user')
      const known = instance.metadataByUser.get(id) ?? []
      instance.metadataByUser.set(id, new Map([...known, ...Object.entries(metadata)]))
    },
    deactivateUser: ({ id }) => void instance.deactivated.add(id),
  }
}

function requireFreeName(instance: Instance, userName: string): void {
  const taken = [...instance.users.values()].some((user) => user.userName === userName)
  if (taken) throw new Error(`the user name "${userName}" is already taken`)
}
