import { createParamDecorator, type ExecutionContext } from '@nestjs/common'
import type { AuthorizationContext } from '@org/zitadel-auth'
import type { RegisteredRole } from './application-types.js'
import { readCall } from './calls/read-call.js'
import { requireNothing } from './declaration.js'
import { findPassage, type Passage } from './passage.js'

/**
 * Gives a handler who calls it: `list(@Authorization() authorization: AuthorizationContext)`. Undefined for an anonymous
 * call, where credentials may be missing.
 *
 * Throws a `TypeError` (500) where no guard of ours has seen the call, or the handler is public.
 *
 * @throws {TypeError} when it is given something, as where its parentheses are missing
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
 * Gives who makes a call, in an interceptor or a guard of yours.
 *
 * @typeParam Role - the names of the roles, where they are declared
 * @param context - what Nest gives them
 * @throws {TypeError} when no guard of ours has seen the call, the handler is public, or the call is anonymous
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
 * Gives who makes a call where credentials may be missing, and undefined for an anonymous one.
 *
 * @typeParam Role - the names of the roles, where they are declared
 * @param context - what Nest gives an interceptor or a guard
 * @throws {TypeError} when no guard of ours has seen the call, or the handler is public
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
    `${what} of a handler that is not protected, or before its guard has run: import ZitadelAuthModule.forRoot({ auth }), leave @Public() away, and provide an APP_GUARD of yours in a module that comes after it, not in the root module or by useGlobalGuards`,
  )
}
