import { type InspectOptions, inspect } from 'node:util'
import type { ChallengingResource } from '../errors/challenge.js'
import type { Clock } from '../internal/clock.js'
import type { BearerToken } from '../request/bearer-token.js'
import type { Actor, VerifiedClaims } from '../verification/verifier.js'
import { contextBrand } from './context-brand.js'
import type { UserGroup } from './groups.js'
import type { RoleGrants } from './role-grants.js'

/** Narrows a role check. */
export interface RoleCheckOptions {
  /** The organization that must grant the role. Default: any. */
  readonly organizationId?: string
  /** The project in which the role must be granted. Default: the API's own. */
  readonly projectId?: string
}

/**
 * Who makes a request, and what they may do. Frozen, and safe to log: the token is in none of its enumerable members.
 *
 * @typeParam Role - the names of the roles, where they are declared
 */
export interface AuthorizationContext<Role extends string = string> {
  /**
   * How the token was verified. After `jwt` nothing is known of its scopes, the login name and the email address: a JWT
   * of ZITADEL has none of them, and what stands in their place an Action has written.
   */
  readonly verifiedBy: 'introspection' | 'jwt'
  /** The ZITADEL that stands behind the token (`iss`). */
  readonly issuer: string
  /** The id of the user (`sub`). */
  readonly userId: string
  /**
   * The organization the user belongs to. Undefined unless the client asked for it, by the scope
   * `urn:zitadel:iam:user:resourceowner` or `urn:zitadel:iam:org:id:{id}`, or the token is a personal access token.
   */
  readonly organizationId: string | undefined
  /** The login name. ZITADEL tells it if the client asked for the scope `profile`; otherwise undefined, or what an Action has written. */
  readonly username: string | undefined
  /** The email address, verified or not. ZITADEL tells it if the client asked for the scope `email`; otherwise undefined, or what an Action has written. */
  readonly email: string | undefined
  /** The client the token was issued to; undefined for a personal access token. */
  readonly clientId: string | undefined
  /** The scopes of the token; empty when nothing is known of them. What a user may do is in the roles: a scope is only what a client asked for. */
  readonly scopes: readonly string[]
  /** Whom the token is meant for: client ids and project ids. */
  readonly audience: readonly string[]
  /** When the token expires; undefined when ZITADEL does not say. A new Date each time, in JSON and not in a spread. */
  readonly expiresAt: Date | undefined
  /** Who really acts, when someone acts in the name of the user. */
  readonly actor: Actor | undefined
  /** The user's metadata, decoded; empty unless the client asked for the scope `urn:zitadel:iam:user:metadata`. */
  readonly metadata: Readonly<Record<string, string>>
  /** The user groups the user is in; empty unless the client asked for the scope `urn:zitadel:iam:user:groups`. */
  readonly groups: readonly UserGroup[]
  /** The roles granted in the API's own project: role name, then id of the granting organization, then its primary domain. */
  readonly roles: RoleGrants
  /** Everything ZITADEL says of the token, under the names of the wire. */
  readonly claims: Readonly<Record<string, unknown>>
  /** The token, to call another API in the name of the user. Not enumerable: absent from JSON, from a spread and from `util.inspect`. */
  readonly token: string
  /**
   * Tells whether a role is granted. Any string is a role name, and none is special.
   *
   * @throws {TypeError} when an option is there and says nothing, such as `{ organizationId: undefined }`
   */
  isGrantedRole(role: Role, options?: RoleCheckOptions): boolean
  /** The ids of the organizations that grant a role in the API's own project. */
  organizationsWithRole(role: Role): readonly string[]
}

/**
 * Gives the context of a request.
 *
 * @param claims - what ZITADEL says of the token
 * @param token - the token itself, for forwarding
 * @param source - what makes it: its issuer is the one of an answer that names none
 */
export function createAuthorizationContext(
  claims: VerifiedClaims,
  token: BearerToken,
  source: ContextSource,
): AuthorizationContext {
  return new RequestContext(claims, token, source)
}

/** What makes contexts: whoever else made one, for another project perhaps, can't vouch for its roles. */
export interface ContextSource {
  readonly issuer: string
  /** The time. Default: this machine's. */
  readonly clock?: Clock
  /** What it protects, for the challenge of a refusal. */
  readonly resource?: ChallengingResource | undefined
}

/** Tells whether a context was made by this source, and no other. */
export function isContextOf(source: ContextSource, context: unknown): context is AuthorizationContext {
  return RequestContext.sourceOf(context) === source
}

/** Gives what has made a context; undefined for a context of another copy of this package. */
export function findSource(context: AuthorizationContext): ContextSource | undefined {
  return RequestContext.sourceOf(context)
}

class RequestContext implements AuthorizationContext {
  readonly verifiedBy: 'introspection' | 'jwt'
  readonly issuer: string
  readonly userId: string
  readonly organizationId: string | undefined
  readonly username: string | undefined
  readonly email: string | undefined
  readonly clientId: string | undefined
  readonly scopes: readonly string[]
  readonly audience: readonly string[]
  readonly actor: Actor | undefined
  readonly metadata: Readonly<Record<string, string>>
  readonly groups: readonly UserGroup[]
  readonly roles: RoleGrants
  readonly claims: Readonly<Record<string, unknown>>
  readonly #verified: VerifiedClaims
  readonly #token: BearerToken
  readonly #source: ContextSource

  static sourceOf(context: unknown): ContextSource | undefined {
    return typeof context === 'object' && context !== null && #source in context ? context.#source : undefined
  }

  constructor(verified: VerifiedClaims, token: BearerToken, source: ContextSource) {
    this.verifiedBy = verified.verifiedBy
    this.issuer = verified.issuer ?? source.issuer
    this.userId = verified.userId
    this.organizationId = verified.organizationId
    this.username = verified.username
    this.email = verified.email
    this.clientId = verified.clientId
    this.scopes = verified.scopes
    this.audience = verified.audience
    this.actor = verified.actor
    this.metadata = verified.metadata
    this.groups = verified.groups
    this.roles = verified.roles
    this.claims = verified.claims
    this.#verified = verified
    this.#token = token
    this.#source = source
    Object.freeze(this)
  }

  get token(): string {
    return this.#token
  }

  /** Made when asked for, which few requests do; and a Date can be changed even when its holder is frozen, so each gets its own. */
  get expiresAt(): Date | undefined {
    return toDate(this.#verified.expiresAtSeconds)
  }

  /** What a log of JSON shows. */
  toJSON(): object {
    return { ...this, expiresAt: this.expiresAt }
  }

  /** Marks the context for `isAuthorizationContext`. */
  get [contextBrand](): true {
    return true
  }

  /** What `util.inspect` shows, also where it is told to call getters. */
  [inspect.custom](_depth: number, options: InspectOptions, show: typeof inspect): string {
    return show(this.toJSON(), options)
  }

  isGrantedRole(role: string, options?: RoleCheckOptions): boolean {
    const { organizationId, projectId } = options === undefined ? anywhere : requireValues(options)
    const roles = projectId === undefined ? this.roles : this.#verified.rolesByProject[projectId]
    const organizations = roles?.[role]
    return organizations !== undefined && (organizationId === undefined || organizationId in organizations)
  }

  organizationsWithRole(role: string): readonly string[] {
    return Object.keys(this.roles[role] ?? {})
  }
}

// A frozen context would be of no use if what judges it could be replaced through it.
Object.freeze(RequestContext)
Object.freeze(RequestContext.prototype)

const anywhere: RoleCheckOptions = {}

/** The latest time a Date can hold; beyond it there would be none at all. */
const latestMs = 8.64e15

function toDate(seconds: number | undefined): Date | undefined {
  return seconds === undefined ? undefined : new Date(Math.min(seconds * 1_000, latestMs))
}

/** `{ organizationId: undefined }`, from a parameter that a route does not have, must not mean any organization. */
function requireValues(options: RoleCheckOptions): RoleCheckOptions {
  // Whoever passes an id in the place of options means one organization, and not any. A test by prototype would refuse
  // objects of another realm, such as that of Jest.
  if (Object.prototype.toString.call(options) !== '[object Object]') {
    throw new TypeError('a role check takes { organizationId, projectId }')
  }
  for (const [name, value] of Object.entries(options)) {
    // A misspelt organizationId must not mean any organization either.
    if (name !== 'organizationId' && name !== 'projectId') {
      throw new TypeError(`a role check has no "${name}": known are organizationId, projectId`)
    }
    if (typeof value !== 'string' || value === '')
      throw new TypeError(`"${name}" of a role check is a text that is not empty`)
  }
  return options
}
