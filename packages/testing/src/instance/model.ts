import type { KeyObject } from 'node:crypto'

/** An organization: it owns projects and users, and roles are assigned within it. */
export interface Organization {
  readonly id: string
  readonly name: string
  /** What ZITADEL prints beside the organization's id in every roles claim. */
  readonly primaryDomain: string
}

/** A project: the trust boundary of its applications, and the place where roles are defined. */
export interface Project {
  readonly id: string
  readonly name: string
  readonly organizationId: string
  /** The Console's "Assert Roles on Authentication". It matters to the JWTs of web applications only. */
  readonly roleAssertion: boolean
}

interface ApplicationIdentity {
  readonly appId: string
  readonly clientId: string
  readonly name: string
  readonly projectId: string
}

/** An API application that authenticates with a private key. It has no secret. */
export interface JwtApplication extends ApplicationIdentity {
  readonly authMethod: 'private_key_jwt'
}

/** An API application that authenticates with a client secret. */
export interface BasicApplication extends ApplicationIdentity {
  readonly authMethod: 'basic'
  /** 64 letters and digits. */
  readonly clientSecret: string
}

/** A public application people log in to. It issues tokens and cannot introspect. */
export interface WebApplication extends ApplicationIdentity {
  readonly authMethod: 'none'
  /** The Console's "Add user roles to the access token". */
  readonly accessTokenRoleAssertion: boolean
}

export type ApiApplication = JwtApplication | BasicApplication
export type Application = ApiApplication | WebApplication

interface UserIdentity {
  readonly id: string
  /** Also the login name, and for a service user the `client_id` of its tokens. */
  readonly userName: string
  readonly name: string
  readonly organizationId: string
  readonly updatedAt: Date
}

/** A user for programs. It can hold personal access tokens, keys and a secret. */
export interface ServiceUser extends UserIdentity {
  readonly kind: 'service'
  readonly accessTokenType: 'bearer' | 'jwt'
}

/** What a person may tell about themselves; each appears in tokens only with its scope. */
export interface HumanProfile {
  readonly givenName?: string
  readonly familyName?: string
  readonly nickName?: string
  readonly gender?: 'female' | 'male' | 'diverse'
  /** A language tag. ZITADEL sends `locale: null` for a person without one. */
  readonly locale?: string
  readonly email?: string
  readonly emailVerified?: boolean
  readonly phone?: string
  readonly phoneVerified?: boolean
}

/** A person. */
export interface HumanUser extends UserIdentity, HumanProfile {
  readonly kind: 'human'
}

export type User = ServiceUser | HumanUser

/** Who acts in the name of the token's user; nested when somebody acts for the actor. Any user is one. */
export interface Actor {
  /** The acting user's id. */
  readonly id: string
  readonly actor?: Actor
}

/** Roles of one project that one user was assigned in one organization. */
export interface Grant {
  readonly userId: string
  readonly projectId: string
  readonly organizationId: string
  readonly roles: Set<string>
}

/** The public half of a key an application or a service user signs assertions with. */
export interface RegisteredKey {
  readonly keyId: string
  /** The client id of the application, or the id of the service user. */
  readonly ownerId: string
  readonly publicKey: KeyObject
  readonly expiresAt: Date
}

/** What the server remembers about an access token, whatever the token looks like. */
export interface AccessTokenRecord {
  /** The `jti`. */
  readonly id: string
  readonly kind: 'session' | 'personal'
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
