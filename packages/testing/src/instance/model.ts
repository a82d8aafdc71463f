import type { KeyObject } from 'node:crypto'

/** An organization: it owns projects and users, and roles are assigned within it. */
export interface Organization {
  /** The id, as roles claims name it. */
  readonly id: string
  /** The name. */
  readonly name: string
  /** What ZITADEL prints beside the organization's id in every roles claim. */
  readonly primaryDomain: string
}

/** A project: the trust boundary of its applications, and the place where roles are defined. */
export interface Project {
  /** The id, as audience scopes and roles claims name it. */
  readonly id: string
  /** The name. */
  readonly name: string
  /** The id of the organization that owns the project. */
  readonly organizationId: string
  /** The Console's "Assert Roles on Authentication". It matters to the JWTs of web applications only. */
  readonly roleAssertion: boolean
}

/** A user group: its members are users of its organization. */
export interface UserGroup {
  /** The id, as the claim `urn:zitadel:iam:user:groups` names it. */
  readonly id: string
  /** The name, unique in its organization only. */
  readonly name: string
  /** The id of the organization the group belongs to. */
  readonly organizationId: string
}

interface ApplicationIdentity {
  /** The id of the application, which only key files name. */
  readonly appId: string
  /** The client id: who asks, and an audience of tokens. */
  readonly clientId: string
  /** The name. */
  readonly name: string
  /** The id of the project the application belongs to. */
  readonly projectId: string
}

/** An API application that authenticates with a private key. It has no secret. */
export interface JwtApplication extends ApplicationIdentity {
  /** Tells it from an application that people log in to. */
  readonly kind: 'api'
  /** By an assertion that its key signs. */
  readonly authMethod: 'private_key_jwt'
}

/** An API application that authenticates with a client secret. */
export interface BasicApplication extends ApplicationIdentity {
  /** Tells it from an application that people log in to. */
  readonly kind: 'api'
  /** By HTTP Basic. */
  readonly authMethod: 'basic'
  /** 64 letters and digits. */
  readonly clientSecret: string
}

interface WebApplicationIdentity extends ApplicationIdentity {
  /** Tells it from an API. */
  readonly kind: 'web'
  /** The Console's "Add user roles to the access token". */
  readonly accessTokenRoleAssertion: boolean
  /** The Console's "User Info inside ID Token". */
  readonly idTokenUserinfoAssertion: boolean
  /** Where logout tokens go. */
  readonly backChannelLogoutUri?: string
  /** Whether it has the grant type Token Exchange. */
  readonly tokenExchange?: boolean
}

/** A public application people log in to. It issues tokens and cannot introspect. */
export interface WebApplication extends WebApplicationIdentity {
  /** Not at all: it holds no secret. */
  readonly authMethod: 'none'
}

/** An application people log in to, with a secret: it may introspect tokens, and revoke its own. */
export interface ConfidentialWebApplication extends WebApplicationIdentity {
  /** By HTTP Basic. */
  readonly authMethod: 'basic'
  /** 64 letters and digits. */
  readonly clientSecret: string
}

/** An application that is an API. */
export type ApiApplication = JwtApplication | BasicApplication
/** An application of any kind. */
export type Application = ApiApplication | WebApplication | ConfidentialWebApplication

interface UserIdentity {
  /** The id: the `sub` of tokens. */
  readonly id: string
  /** For a service account the `client_id` of its tokens. */
  readonly userName: string
  /** What the user logs in by; for a service account the client id of the `client_credentials` grant. */
  readonly loginName: string
  /** The display name. */
  readonly name: string
  /** The id of the organization the user belongs to. */
  readonly organizationId: string
  /** When the user was last changed. */
  readonly updatedAt: Date
}

/** A user for programs. It can hold personal access tokens, keys and a secret. */
export interface ServiceUser extends UserIdentity {
  /** Tells it from a person. */
  readonly kind: 'service'
  /** What the token endpoint gives this user: opaque tokens, or JWTs. */
  readonly accessTokenType: 'bearer' | 'jwt'
}

/** What a person may tell about themselves; each appears in tokens only with its scope. */
export interface HumanProfile {
  /** By the scope `profile`. */
  readonly givenName?: string
  /** By the scope `profile`. */
  readonly familyName?: string
  /** By the scope `profile`. */
  readonly nickName?: string
  /** By the scope `profile`. */
  readonly gender?: 'female' | 'male' | 'diverse'
  /** A language tag. ZITADEL sends `locale: null` for a person without one. */
  readonly locale?: string
  /** By the scope `email`. */
  readonly email?: string
  /** By the scope `email`; ZITADEL leaves it out when it is false. */
  readonly emailVerified?: boolean
  /** By the scope `phone`. */
  readonly phone?: string
  /** By the scope `phone`; ZITADEL leaves it out when it is false. */
  readonly phoneVerified?: boolean
}

/** A person. */
export interface HumanUser extends UserIdentity, HumanProfile {
  /** Tells them from a service account. */
  readonly kind: 'human'
}

/** A user of either kind. */
export type User = ServiceUser | HumanUser

/** Who acts in the name of the token's user; nested when somebody acts for the actor. Any user is one. */
export interface Actor {
  /** The acting user's id. */
  readonly id: string
  /** Who acts for the actor, in a chain. */
  readonly actor?: Actor
}

/** Roles of one project that one user was assigned in one organization. */
export interface Grant {
  /** Names it in events. */
  readonly id: string
  readonly userId: string
  readonly projectId: string
  readonly organizationId: string
  readonly roles: Set<string>
}

/** The public half of a key an application or a service account signs assertions with. */
export interface RegisteredKey {
  readonly keyId: string
  /** The client id of the application, or the id of the service account. */
  readonly ownerId: string
  readonly publicKey: KeyObject
  readonly expiresAt: Date
}

/** What the server remembers about an access token, whatever the token looks like. */
export interface AccessTokenRecord {
  /** The `jti`. */
  readonly id: string
  readonly kind: 'session' | 'personal'
  /** Why it was issued, which only its event tells. Default: a person has logged in. */
  readonly reason?: 'client_credentials' | 'jwt_profile' | 'exchange'
  readonly userId: string
  /** Absent for personal access tokens. */
  readonly clientId?: string
  readonly scopes: readonly string[]
  readonly audience: readonly string[]
  readonly issuedAtSeconds: number
  readonly expiresAtSeconds: number
  readonly authenticationMethods: readonly string[]
  readonly actor?: Actor
  /** Claims that Actions would have added. */
  readonly customClaims: Readonly<Record<string, unknown>>
}
