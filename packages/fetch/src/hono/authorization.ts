import { type AuthorizationContext, authorize as authorizeContext, type Requirement } from '@org/zitadel-auth'
import { findPassage } from '../passage.js'
import { toAnswerable } from './answerable.js'
import type { AuthorizedContext, OptionallyAuthorizedContext } from './environment.js'

/**
 * Returns the context of a request behind `requireAuthorization`. If the compiler can see that the route is not
 * protected, the call is a compile error. `c.var.authorization` is the same, but other middleware may overwrite it.
 *
 * @typeParam Role - the names of the roles, if they are declared
 * @param c - Hono's context
 * @throws `TypeError`: when the request did not pass `requireAuthorization`
 *
 * @example
 * ```ts
 * import { getAuthorization, requireAuthorization } from '@org/zitadel-auth-fetch/hono'
 * import { Hono } from 'hono'
 *
 * const api = new Hono()
 * api.get('/me', requireAuthorization(auth), (c) => c.json({ userId: getAuthorization(c).userId }))
 * ```
 */
export function getAuthorization<Role extends string>(c: AuthorizedContext<Role>): AuthorizationContext<Role> {
  const context = findPassage(c)?.authorization
  if (context !== undefined) return context as AuthorizationContext<Role>
  throw new TypeError(
    'getAuthorization(c) on a route that is not protected: put requireAuthorization(auth) before its handler',
  )
}

/**
 * Returns the context of a request behind `optionalAuthorization`, and undefined for an anonymous one.
 *
 * @typeParam Role - the names of the roles, if they are declared
 * @param c - Hono's context
 *
 * @example
 * ```ts
 * import { getOptionalAuthorization, optionalAuthorization } from '@org/zitadel-auth-fetch/hono'
 * import { Hono } from 'hono'
 *
 * const api = new Hono()
 * api.get('/', optionalAuthorization(auth), (c) => {
 *   return c.text(`Hello ${getOptionalAuthorization(c)?.username ?? 'stranger'}`)
 * })
 * ```
 */
export function getOptionalAuthorization<Role extends string>(
  c: OptionallyAuthorizedContext<Role>,
): AuthorizationContext<Role> | undefined {
  return findPassage(c)?.authorization as AuthorizationContext<Role> | undefined
}

/**
 * Checks that a request meets a requirement, and throws if not. Synchronous, like `authorize` of `@org/zitadel-auth`.
 *
 * @typeParam Role - the names of the roles, if they are declared
 * @param c - Hono's context, behind `requireAuthorization`
 * @param requirement - what the request needs
 * @throws `AuthorizationError`: `ERR_PERMISSION_DENIED` or `ERR_AUTHENTICATION_INSUFFICIENT` when the requirement is
 * not met, `ERR_CONFIGURATION` when it needs a scope and the token was verified as a JWT. Hono responds to it as the
 * middleware does; in an `app.onError` of your own use `refuse`
 * @throws `TypeError`: when the request did not pass `requireAuthorization`, or the requirement is empty or malformed
 *
 * @example
 * ```ts
 * import { authorize, requireAuthorization } from '@org/zitadel-auth-fetch/hono'
 * import { Hono } from 'hono'
 *
 * const api = new Hono()
 * api.delete('/tasks/:id', requireAuthorization(auth), (c) => {
 *   authorize(c, { role: 'admin' })
 *   return c.body(null, 204)
 * })
 * ```
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
