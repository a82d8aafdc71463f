import type { ExecutionContext } from '@nestjs/common'
import type { RequestRequirement } from '@org/zitadel-auth'
import type { RegisteredRole } from './application-types.js'
import { declare, requireNothing } from './declaration.js'

/** A decorator for a class, and for a method, whose word wins. */
export type AuthorizationDecorator = ClassDecorator & MethodDecorator

/** What a handler may ask for: `true` for a good token, an object, or a function of Nest's context that gives one of them. */
export type HandlerRequirement<Role extends string = RegisteredRole> = RequestRequirement<ExecutionContext, Role>

/**
 * Says what a handler, or every handler of a class, asks for. One that says nothing asks for a good token.
 *
 * ```ts
 * @Delete(':id')
 * @Authorize({ role: 'admin' })
 * remove() {}
 * ```
 *
 * @param requirement - `true` for a good token, an object, or a function of Nest's context. Default: `true`
 * @throws {TypeError} when it is given and neither of these, such as a misspelt member of an object of requirements, or stands
 * where it says nothing, or beside another decorator of these, or without its parentheses
 */
export function Authorize(...requirement: [] | [HandlerRequirement]): AuthorizationDecorator {
  return declare('Authorize', readGiven('Authorize', requirement))
}

/**
 * Says that a handler, or every handler of a class, asks for one of these roles: a short way to write
 * `@Authorize({ anyRole: […] })`.
 *
 * @param roles - the names, at least one
 * @throws {TypeError} as {@link Authorize} does, and without a role
 */
export function Roles(...roles: readonly [RegisteredRole, ...RegisteredRole[]]): AuthorizationDecorator {
  if (roles.some((role: unknown) => Object(role) === role))
    throw new TypeError('@Roles needs its parentheses: @Roles(…)')
  const isNamed =
    roles.length > 0 && (roles as readonly unknown[]).every((role) => typeof role === 'string' && role !== '')
  if (!isNamed) throw new TypeError('@Roles takes the names of roles, at least one')
  return declare('Roles', { anyRole: roles })
}

/**
 * Says that a handler, or every handler of a class, asks for nothing. Whatever a client sends is not looked at.
 *
 * @throws {TypeError} where it stands on anything but a class or a method, or beside another decorator of these, and when it is
 * given something, as where its parentheses are missing
 */
export function Public(): AuthorizationDecorator
export function Public(...given: readonly unknown[]): AuthorizationDecorator {
  requireNothing('Public', given)
  return declare('Public', 'public')
}

/**
 * Says that credentials may be missing for a handler, or for every handler of a class. Bad ones are refused.
 *
 * @param requirement - what a client with credentials must bring, as {@link Authorize} takes it. Default: `true`
 * @throws {TypeError} as {@link Authorize} does
 */
export function OptionalAuthorization(...requirement: [] | [HandlerRequirement]): AuthorizationDecorator {
  return declare('OptionalAuthorization', { optional: readGiven('OptionalAuthorization', requirement) })
}

/** What else can be wrong with a requirement is found when the application starts: it takes the mode of verification. */
function readGiven(name: string, given: readonly unknown[]): unknown {
  if (given.length === 0) return true
  const [requirement] = given
  if (given.length > 1 || isClass(requirement)) throw new TypeError(`@${name} needs its parentheses: @${name}()`)
  const isObject = typeof requirement === 'object' && requirement !== null
  if (requirement === true || typeof requirement === 'function' || isObject) return requirement
  throw new TypeError(`@${name} takes true, a requirement, or a function that gives one, and this is ${requirement}`)
}

function isClass(value: unknown): boolean {
  return typeof value === 'function' && /^class\b/.test(Function.prototype.toString.call(value))
}
