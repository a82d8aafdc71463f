import type { KeyObject } from 'node:crypto'

/** An organization. It owns projects and users, and roles are granted in it. */
export interface Organization {
  /** The id, as in claims with roles. */
  readonly id: string
  /** The name. */
  readonly name: string
  /** The primary domain, which stands beside the organization's id in claims with roles. */
  readonly primaryDomain: string
}

/** A project. It owns applications, and defines roles. */
export interface Project {
  /** The id, as in audience scopes and claims with roles. */
  readonly id: string
  /** The name. */
  readonly name: string
  /** The id of the organization that owns the project. */
  readonly organizationId: string
  /** "Assert Roles on Authentication" in the Console. Only for JWTs of web applications. */
  readonly roleAssertion: boolean
}

/** A user group. Its members are users of its organization. */
export interface UserGroup {
  /** The id, as in the claim `urn:zitadel:iam:user:groups`. */
  readonly id: string
  /** The name, which is unique only in its organization. */
  readonly name: string
  /** The id of the organization the group belongs to. */
  readonly organizationId: string
}

interface ApplicationIdentity {
  /** The id of the application, which only key files contain. */
  readonly appId: string
  /** The client id, which is also an audience of tokens. */
  readonly clientId: string
  /** The name. */
  readonly name: string
  /** The id of the project the application belongs to. */
  readonly projectId: string
}

/** An API application that authenticates with a key. It has no secret. */
export interface JwtApplication extends ApplicationIdentity {
  /** Distinguishes it from an application that people log in to. */
  readonly kind: 'api'
  /** With an assertion that its key signs. */
  readonly authMethod: 'private_key_jwt'
}

/** An API application that authenticates with a client secret. */
export interface BasicApplication extends ApplicationIdentity {
  /** Distinguishes it from an application that people log in to. */
  readonly kind: 'api'
  /** With HTTP Basic. */
  readonly authMethod: 'basic'
  /** The client secret: 64 letters and digits. */
  readonly clientSecret: string
}

interface WebApplicationIdentity extends ApplicationIdentity {
  /** Distinguishes it from an API. */
  readonly kind: 'web'
  /** "Add user roles to the access token" in the Console. */
  readonly accessTokenRoleAssertion: boolean
  /** "User Info inside ID Token" in the Console. */
  readonly idTokenUserinfoAssertion: boolean
  /** Where logout tokens are sent. */
  readonly backChannelLogoutUri?: string
  /** Whether it has the grant type Token Exchange. */
  readonly tokenExchange?: boolean
}

/** A public application that people log in to. Tokens are issued to it, and it cannot introspect. */
export interface WebApplication extends WebApplicationIdentity {
  /** Not at all: it has no secret. */
  readonly authMethod: 'none'
}

/** An application that people log in to, with a secret: it may introspect tokens, and revoke its own. */
export interface ConfidentialWebApplication extends WebApplicationIdentity {
  /** With HTTP Basic. */
  readonly authMethod: 'basic'
  /** The client secret: 64 letters and digits. */
  readonly clientSecret: string
}

/** An application that is an API. */
export type ApiApplication = JwtApplication | BasicApplication
/** An application of any kind. */
export type Application = ApiApplication | WebApplication | ConfidentialWebApplication

interface UserIdentity {
  /** The id: the `sub` of tokens. */
  readonly id: string
  /** The user name; for a service account the `client_id` of its tokens. */
  readonly userName: string
  /** What the user logs in with; for a service account the client id of the grant `client_credentials`. */
  readonly loginName: string
  /** The display name. */
  readonly name: string
  /** The id of the organization the user belongs to. */
  readonly organizationId: string
  /** When the user was last changed. */
  readonly updatedAt: Date
}

/** A user for programs. It can have personal access tokens, keys and a secret. */
export interface ServiceUser extends UserIdentity {
  /** Distinguishes it from a person. */
  readonly kind: 'service'
  /** What the token endpoint gives to this user: opaque tokens (`bearer`), or JWTs. */
  readonly accessTokenType: 'bearer' | 'jwt'
}

/** What a person may tell about themselves; each appears in tokens only with its scope. */
export interface HumanProfile {
  /** In tokens with the scope `profile`. */
  readonly givenName?: string
  /** In tokens with the scope `profile`. */
  readonly familyName?: string
  /** In tokens with the scope `profile`. */
  readonly nickName?: string
  /** In tokens with the scope `profile`. */
  readonly gender?: 'female' | 'male' | 'diverse'
  /** A language tag. For a person without one, ZITADEL sends `locale: null`. */
  readonly locale?: string
  /** In tokens with the scope `email`. */
  readonly email?: string
  /** In tokens with the scope `email`; left out if it is false. */
  readonly emailVerified?: boolean
  /** In tokens with the scope `phone`. */
  readonly phone?: string
  /** In tokens with the scope `phone`; left out if it is false. */
  readonly phoneVerified?: boolean
}

/** A person. */
export interface HumanUser extends UserIdentity, HumanProfile {
  /** Distinguishes them from a service account. */
  readonly kind: 'human'
}

/** A user of either kind. */
export type User = ServiceUser | HumanUser

/** Who acts on behalf of the token's user; nested if somebody acts for the actor. Any user is one. */
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
