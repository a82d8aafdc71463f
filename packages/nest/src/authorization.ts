import { createParamDecorator, type ExecutionContext } from '@nestjs/common'
import type { AuthorizationContext } from '@org/zitadel-auth'
import type { RegisteredRole } from './application-types.js'
import { readCall } from './calls/read-call.js'
import { requireNothing } from './declaration.js'
import { findPassage, type Passage } from './passage.js'

/**
 * Decorates a parameter of a handler that gets the context of the caller; undefined for an anonymous call, if
 * credentials are optional.
 *
 * A call throws a `TypeError` (500) when the handler is public, or no guard of this package ran before.
 *
 * @throws `TypeError`: when it gets an argument, as when its parentheses are missing
 *
 * @example
 * ```ts
 * import { Controller, Get } from '@nestjs/common'
 * import type { AuthorizationContext } from '@org/zitadel-auth'
 * import { Authorization } from '@org/zitadel-auth-nest'
 *
 * @Controller('me')
 * export class MeController {
 *   @Get()
 *   show(@Authorization() { userId }: AuthorizationContext) {
 *     return { userId }
 *   }
 * }
 * ```
 */
export function Authorization(): ParameterDecorator
export function Authorization(...given: readonly unknown[]): ParameterDecorator {
  requireNothing('Authorization', given)
  return createAuthorization()
}

const createAuthorization = createParamDecorator(
  (_data: unknown, context: ExecutionContext) => readPassage('@Authorization()', context).authorization,
)

/**
 * Returns the context of the caller, in an interceptor or a guard of yours.
 *
 * @typeParam Role - the names of the roles. Default: those of {@link ApplicationTypes}
 * @param context - what Nest passes to an interceptor or a guard
 * @throws `TypeError`: when the call is anonymous, the handler is public, or no guard of this package ran before
 *
 * @example
 * ```ts
 * import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common'
 * import { getAuthorization } from '@org/zitadel-auth-nest'
 *
 * export class AuditInterceptor implements NestInterceptor {
 *   intercept(context: ExecutionContext, next: CallHandler) {
 *     console.log(getAuthorization(context).userId, context.getHandler().name)
 *     return next.handle()
 *   }
 * }
 * ```
 */
export function getAuthorization<Role extends string = RegisteredRole>(
  context: ExecutionContext,
): AuthorizationContext<Role> {
  const { authorization } = readPassage('getAuthorization(context)', context)
  if (authorization !== undefined) return authorization as AuthorizationContext<Role>
  throw new TypeError(
    'getAuthorization(context) of an anonymous call: getOptionalAuthorization(context) gives undefined',
  )
}

/**
 * Returns the context of the caller if credentials are optional, and undefined for an anonymous call.
 *
 * @typeParam Role - the names of the roles. Default: those of {@link ApplicationTypes}
 * @param context - what Nest passes to an interceptor or a guard
 * @throws `TypeError`: when the handler is public, or no guard of this package ran before
 *
 * @example
 * ```ts
 * import type { CanActivate, ExecutionContext } from '@nestjs/common'
 * import { getOptionalAuthorization } from '@org/zitadel-auth-nest'
 *
 * export class BetaGuard implements CanActivate {
 *   canActivate(context: ExecutionContext): boolean {
 *     return getOptionalAuthorization(context)?.metadata['beta'] === 'yes'
 *   }
 * }
 * ```
 */
export function getOptionalAuthorization<Role extends string = RegisteredRole>(
  context: ExecutionContext,
): AuthorizationContext<Role> | undefined {
  return readPassage('getOptionalAuthorization(context)', context).authorization as
    | AuthorizationContext<Role>
    | undefined
}

function readPassage(what: string, context: ExecutionContext): Passage {
  const passage = findPassage(readCall(context).carrier, context.getHandler())
  if (passage !== undefined) return passage
  throw new TypeError(
    `${what} of a handler that is not protected, or before its guard has run: import ZitadelAuthModule.forRoot({ auth }), leave @Public() away, and provide an APP_GUARD of yours in a module that comes after it, not in the root module`,
  )
}
