import { readCount } from '../internal/read-option.js'
import type { AuthorizationContext } from './context.js'

/**
 * What a request needs besides a valid token. If there are several members, it must meet all of them.
 *
 * @typeParam Role - the names of the roles, if they are declared
 */
export interface Requirement<Role extends string = string> {
  /** A role that must be granted. */
  readonly role?: Role
  /** Roles of which at least one must be granted. */
  readonly anyRole?: readonly Role[]
  /** Roles that must all be granted. */
  readonly allRoles?: readonly Role[]
  /** The id of the organization that must grant the roles. Without it, any organization counts. */
  readonly inOrganization?: string
  /**
   * The id of the project in which the roles must be granted. Without it, the API's own. Roles of another project are
   * only in JWTs, so it needs the mode `auto` or `jwt`.
   */
  readonly inProject?: string
  /**
   * The id of the organization that the user must belong to. Needs the scope `urn:zitadel:iam:user:resourceowner` or
   * `urn:zitadel:iam:org:id:{id}`: without it ZITADEL does not name the organization, and the request is rejected.
   */
  readonly organizationId?: string
  /**
   * The id of a user group that the user must be in. Not its name, which several organizations may use. Needs the scope
   * `urn:zitadel:iam:user:groups`.
   */
  readonly group?: string
  /** The ids of user groups of which the user must be in at least one. */
  readonly anyGroup?: readonly string[]
  /** Scopes that the token must all have. Not for mode `jwt`. */
  readonly scope?: string | readonly string[]
  /** Client ids of which one must be the client that the token was issued to. */
  readonly clientId?: string | readonly string[]
  /**
   * How many seconds ago the user's last authentication may have been: 300 requires one in the last five minutes. Not
   * for mode `jwt`. A client that is rejected can log the user in again with `prompt=login`. A personal access token
   * never meets it.
   */
  readonly maxAgeSeconds?: number
  /**
   * How the user must have authenticated: one of ZITADEL's `pwd`, `otp`, `user`, `mfa`, or several that must all be
   * there. Not for mode `jwt`.
   */
  readonly amr?: string | readonly string[]
  /** `false` rejects a token with which someone acts on behalf of the user. */
  readonly allowImpersonation?: false
  /**
   * A check of your own: `true` allows the request, anything else rejects it. May be asynchronous, except with
   * {@link authorize}. It runs once per response of ZITADEL, so a second time in one request only if ZITADEL was asked
   * again and said something else.
   */
  readonly check?: (context: AuthorizationContext<Role>) => boolean | Promise<boolean>
}

// Frozen copies that have been read: reading one again costs a lookup.
const known = new WeakSet<object>()

/** Tells whether a requirement is what {@link readRequirement} gives: nobody else's may decide unread. */
export function isReadRequirement(requirement: object): boolean {
  return known.has(requirement)
}

/**
 * Checks a requirement and gives a frozen copy of it. A member that is there must say something: `inOrganization` with
 * the value undefined, from a parameter that a route does not have, would otherwise let every organization in.
 *
 * @throws `TypeError`: when the requirement is missing or empty, has an unknown member, or a member without a usable value
 */
export function readRequirement<Role extends string>(requirement: Requirement<Role>): Requirement<Role> {
  if (isReadRequirement(requirement)) return requirement
  if (typeof requirement !== 'object' || requirement === null) {
    const given = requirement === undefined || requirement === null ? `, and this one is ${requirement}` : ''
    throw new TypeError(`a requirement is true, which every good token meets, or an object${given}`)
  }
  const members = toMembers(requirement)
  if (members.length === 0) {
    throw new TypeError('the requirement is empty: give true to let every good token pass')
  }
  const copy = Object.freeze(Object.fromEntries(members.map(([name, value]) => [name, readMember(name, value)])))
  requireRoleFor(copy, 'inOrganization')
  requireRoleFor(copy, 'inProject')
  known.add(copy)
  return copy
}

/** Inherited members count, and those that a loop passes over, such as the getters of a class: none must get lost. */
function toMembers(requirement: object): readonly (readonly [string, unknown])[] {
  const names = new Set<string | symbol>()
  for (const name in requirement) names.add(name)
  for (const name of Reflect.ownKeys(requirement)) names.add(name)
  for (
    let holder = toPrototype(requirement);
    holder !== null && toPrototype(holder) !== null;
    holder = toPrototype(holder)
  ) {
    for (const name of Reflect.ownKeys(holder)) if (name !== 'constructor') names.add(name)
  }
  return [...names].map((name) => [String(name), (requirement as Readonly<Record<string | symbol, unknown>>)[name]])
}

const toPrototype = (holder: object): object | null => Object.getPrototypeOf(holder)

type Reader = (name: string, value: unknown) => unknown

const readers: Readonly<Record<keyof Requirement, Reader>> = {
  role: readText,
  anyRole: readTexts,
  allRoles: readTexts,
  inOrganization: readText,
  inProject: readText,
  organizationId: readText,
  group: readText,
  anyGroup: readTexts,
  scope: readScopes,
  clientId: readTextOrTexts,
  maxAgeSeconds: (name, value) => readCount(value, `"${name}" of a requirement`),
  amr: readTextOrTexts,
  allowImpersonation: readFalse,
  check: readFunction,
}

function readMember(name: string, value: unknown): unknown {
  if (!Object.hasOwn(readers, name)) {
    throw new TypeError(`the requirement has an unknown member "${name}": known are ${Object.keys(readers).join(', ')}`)
  }
  return readers[name as keyof Requirement](name, value)
}

function readText(name: string, value: unknown): string {
  if (typeof value !== 'string' || value === '')
    throw new TypeError(`"${name}" of a requirement is a text that is not empty`)
  return value
}

function readTexts(name: string, value: unknown): readonly string[] {
  if (!Array.isArray(value) || value.length === 0) {
    throw new TypeError(`"${name}" of a requirement is a list of texts that is not empty`)
  }
  // A hole is no text either, and `map` would pass over it.
  return Object.freeze(Array.from(value, (item) => readText(name, item)))
}

function readTextOrTexts(name: string, value: unknown): readonly string[] {
  return readTexts(name, typeof value === 'string' ? [value] : value)
}

function readScopes(name: string, value: unknown): readonly string[] {
  const scopes = readTextOrTexts(name, value)
  if (scopes.some((scope) => /\s/.test(scope))) {
    throw new TypeError(`"${name}" of a requirement is one scope, which has no spaces, or a list of scopes`)
  }
  return scopes
}

function readFalse(name: string, value: unknown): false {
  if (value !== false) throw new TypeError(`"${name}" of a requirement can only be false: leave it away to allow it`)
  return value
}

function readFunction(name: string, value: unknown): unknown {
  if (typeof value !== 'function') throw new TypeError(`"${name}" of a requirement is a function`)
  return value
}

function requireRoleFor(requirement: Requirement, name: 'inOrganization' | 'inProject'): void {
  const hasRole = ['role', 'anyRole', 'allRoles'].some((member) => member in requirement)
  if (name in requirement && !hasRole) {
    throw new TypeError(`"${name}" of a requirement says where a role must be granted, and there is no role`)
  }
}
