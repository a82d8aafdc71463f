import { type AuthorizationContext, authorize as authorizeContext, type Requirement } from '@org/zitadel-auth'
import { findPassage } from '../passage.js'
import { toAnswerable } from './answerable.js'
import type { AuthorizedContext, OptionallyAuthorizedContext } from './environment.js'

/**
 * Gives who makes the request of a route behind `requireAuthorization`. The compiler refuses the call where it can see that
 * the route has none. The same is in `c.var.authorization`, where other middleware may write too.
 *
 * @param c - Hono's context
 * @throws {TypeError} when the request did not pass `requireAuthorization`
 */
export function getAuthorization<Role extends string>(c: AuthorizedContext<Role>): AuthorizationContext<Role> {
  const context = findPassage(c)?.authorization
  if (context !== undefined) return context as AuthorizationContext<Role>
  throw new TypeError(
    'getAuthorization(c) on a route that is not protected: put requireAuthorization(auth) before its handler',
  )
}

/**
 * Gives who makes the request of a route behind `optionalAuthorization`, and undefined for an anonymous one.
 *
 * @param c - Hono's context
 */
export function getOptionalAuthorization<Role extends string>(
  c: OptionallyAuthorizedContext<Role>,
): AuthorizationContext<Role> | undefined {
  return findPassage(c)?.authorization as AuthorizationContext<Role> | undefined
}

/**
 * Lets a request pass that meets a requirement. Synchronous, like the `authorize` of `@org/zitadel-auth`.
 *
 * @param c - Hono's context, behind `requireAuthorization`
 * @param requirement - what the request must bring
 * @throws {AuthorizationError} `ERR_PERMISSION_DENIED` when the requirement is not met. Hono answers it as the middleware would;
 * in an `app.onError` of your own `refuse` does
 * @throws {TypeError} when the request did not pass `requireAuthorization`, or the requirement is empty or malformed
 */
export function authorize<Role extends string>(
  c: AuthorizedContext<Role>,
  requirement: Requirement<NoInfer<Role>>,
): void {
  const context = getAuthorization(c)
  try {
    authorizeContext(context, requirement as Requirement<Role>)
  } catch (error) {
    throw toAnswerable(c, error)
  }
}
