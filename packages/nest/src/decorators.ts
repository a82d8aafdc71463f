import type { ExecutionContext } from '@nestjs/common'
import type { RequestRequirement } from '@org/zitadel-auth'
import type { RegisteredRole } from './application-types.js'
import { declare, requireNothing } from './declaration.js'

/**
 * A decorator for a class, and for a method, which has precedence.
 *
 * @group Types for the compiler
 */
export type AuthorizationDecorator = ClassDecorator & MethodDecorator

/**
 * What a handler needs: `true` for a valid token, an object, or a function of Nest's context that returns one of them.
 *
 * @typeParam Role - the names of the roles. Default: those of {@link ApplicationTypes}
 */
export type HandlerRequirement<Role extends string = RegisteredRole> = RequestRequirement<ExecutionContext, Role>

/**
 * Says what a handler, or every handler of a class, needs. A handler without it needs a valid token.
 *
 * @param requirement - `true` for a valid token, an object, or a function of Nest's context. Default: `true`
 * @throws `TypeError`: when the argument is none of these, as from a misspelled member of an object of requirements, when
 * its parentheses are missing, when it decorates anything but a class or a method, or stands beside another of these
 * decorators
 *
 * @example
 * ```ts
 * import { Controller, Delete, Get } from '@nestjs/common'
 * import { Authorize } from '@org/zitadel-auth-nest'
 *
 * @Controller('tasks')
 * export class TasksController {
 *   @Get()
 *   list() {}
 *
 *   @Delete(':id')
 *   @Authorize({ role: 'admin' })
 *   remove() {}
 * }
 * ```
 */
export function Authorize(...requirement: [] | [HandlerRequirement]): AuthorizationDecorator {
  return declare('Authorize', readGiven('Authorize', requirement))
}

/**
 * Says that a handler, or every handler of a class, needs one of these roles. Short for `@Authorize({ anyRole: […] })`.
 *
 * @param roles - the names, at least one
 * @throws `TypeError`: when there is no role, and as {@link Authorize} does
 *
 * @example
 * ```ts
 * import { Controller, Post } from '@nestjs/common'
 * import { Roles } from '@org/zitadel-auth-nest'
 *
 * @Controller('tasks')
 * @Roles('admin', 'editor')
 * export class TasksController {
 *   @Post()
 *   add() {}
 * }
 * ```
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
 * Says that a handler, or every handler of a class, needs nothing. Credentials of a client are ignored.
 *
 * @throws `TypeError`: when it gets an argument, as when its parentheses are missing, when it decorates anything but a
 * class or a method, or stands beside another of these decorators
 *
 * @example
 * ```ts
 * import { Controller, Get } from '@nestjs/common'
 * import { Public } from '@org/zitadel-auth-nest'
 *
 * @Controller('health')
 * @Public()
 * export class HealthController {
 *   @Get()
 *   show() {
 *     return 'ok'
 *   }
 * }
 * ```
 */
export function Public(): AuthorizationDecorator
export function Public(...given: readonly unknown[]): AuthorizationDecorator {
  requireNothing('Public', given)
  return declare('Public', 'public')
}

/**
 * Says that credentials are optional for a handler, or for every handler of a class. Invalid ones are rejected.
 *
 * @param requirement - what a client with credentials needs, as in {@link Authorize}. Default: `true`
 * @throws `TypeError`: as {@link Authorize} does
 *
 * @example
 * ```ts
 * import { Controller, Get } from '@nestjs/common'
 * import type { AuthorizationContext } from '@org/zitadel-auth'
 * import { Authorization, OptionalAuthorization } from '@org/zitadel-auth-nest'
 *
 * @Controller()
 * export class HomeController {
 *   @Get()
 *   @OptionalAuthorization()
 *   greet(@Authorization() authorization: AuthorizationContext | undefined) {
 *     return `Hello ${authorization?.username ?? 'stranger'}`
 *   }
 * }
 * ```
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
