import { type InspectOptions, inspect } from 'node:util'
import type { ChallengingResource } from '../errors/challenge.js'
import type { Clock } from '../internal/clock.js'
import type { BearerToken } from '../request/bearer-token.js'
import type { Actor, VerifiedClaims } from '../verification/verifier.js'
import { contextBrand } from './context-brand.js'
import type { UserGroup } from './groups.js'
import type { RoleGrants } from './role-grants.js'

/** Where a role must be granted, for {@link AuthorizationContext.isGrantedRole}. */
export interface RoleCheckOptions {
  /** The id of the organization that must grant the role. Without it, any organization counts. */
  readonly organizationId?: string
  /** The id of the project in which the role must be granted. Without it, the API's own. */
  readonly projectId?: string
}

/**
 * Who makes a request, and what they may do. Frozen, and safe to log: the token is not among its enumerable members.
 *
 * @typeParam Role - the names of the roles, if they are declared
 */
export interface AuthorizationContext<Role extends string = string> {
  /**
   * How the token was verified. With `jwt` the scopes, the login name and the email address are unknown: ZITADEL does
   * not put them into a JWT, and what stands there was added by an Action.
   */
  readonly verifiedBy: 'introspection' | 'jwt'
  /** The issuer of the token (`iss`): the ZITADEL that vouches for it. */
  readonly issuer: string
  /** The id of the user (`sub`). */
  readonly userId: string
  /**
   * The id of the user's organization. Undefined unless the client requested the scope
   * `urn:zitadel:iam:user:resourceowner` or `urn:zitadel:iam:org:id:{id}`, or the token is a personal access token.
   */
  readonly organizationId: string | undefined
  /** The login name. Undefined unless the client requested the scope `profile`, or an Action added it. */
  readonly username: string | undefined
  /**
   * The email address, verified or not. Undefined unless the client requested the scope `email`, or an Action added it.
   */
  readonly email: string | undefined
  /** The client that the token was issued to; undefined for a personal access token. */
  readonly clientId: string | undefined
  /**
   * The scopes of the token; empty if they are unknown. A scope is only what a client requested: what a user may do is
   * in the roles.
   */
  readonly scopes: readonly string[]
  /** Whom the token is for: client ids and project ids. */
  readonly audience: readonly string[]
  /**
   * When the token expires; undefined if ZITADEL does not say. A new `Date` each time. Included in JSON, but not in a
   * spread.
   */
  readonly expiresAt: Date | undefined
  /** Who actually makes the request, if someone acts on behalf of the user. */
  readonly actor: Actor | undefined
  /** The user's metadata, decoded; empty unless the client requested the scope `urn:zitadel:iam:user:metadata`. */
  readonly metadata: Readonly<Record<string, string>>
  /** The user's groups; empty unless the client requested the scope `urn:zitadel:iam:user:groups`. */
  readonly groups: readonly UserGroup[]
  /** The roles in the API's own project: role name, then id of the granting organization, then its primary domain. */
  readonly roles: RoleGrants
  /** All claims of the token, with the names that ZITADEL uses. */
  readonly claims: Readonly<Record<string, unknown>>
  /**
   * The token, to call another API on behalf of the user. Not enumerable: it is not in JSON, a spread or the output of
   * `util.inspect`.
   */
  readonly token: string
  /**
   * Whether a role is granted. Any string is a role name; none is special.
   *
   * @param role - the name of the role
   * @param options - where it must be granted. Default: by any organization, in the API's own project
   * @throws `TypeError`: when an option is unknown, empty or undefined, such as `{ organizationId: undefined }`
   */
  isGrantedRole(role: Role, options?: RoleCheckOptions): boolean
  /**
   * The ids of the organizations that grant a role in the API's own project.
   *
   * @param role - the name of the role
   */
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
    // A misspelled organizationId must not mean any organization either.
    if (name !== 'organizationId' && name !== 'projectId') {
      throw new TypeError(`a role check has no "${name}": known are organizationId, projectId`)
    }
    if (typeof value !== 'string' || value === '')
      throw new TypeError(`"${name}" of a role check is a text that is not empty`)
  }
  return options
}
