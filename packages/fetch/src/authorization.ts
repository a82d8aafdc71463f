import { type AuthorizationContext, authorize as authorizeContext, type Requirement } from '@org/zitadel-auth'
import { findPassage } from './passage.js'

/**
 * Returns the context of a request that `protect` or a gate of `requireAuthorization` has allowed, for code that has
 * only the request.
 *
 * @typeParam Role - the names of the roles, if they are declared
 * @param request - the object that was given to the gate: not a clone, and not a request that was made from it
 * @throws `TypeError`: when no gate has allowed the request, or it is anonymous
 *
 * @example
 * ```ts
 * import { getAuthorization, protect } from '@org/zitadel-auth-fetch'
 *
 * function createTask(request: Request): Response {
 *   return Response.json({ owner: getAuthorization(request).userId })
 * }
 *
 * export const POST = protect(auth, true, (request) => createTask(request))
 * ```
 */
export function getAuthorization<Role extends string = string>(request: Request): AuthorizationContext<Role> {
  const context = findPassage(request)?.authorization
  if (context !== undefined) return context as AuthorizationContext<Role>
  throw new TypeError(
    'getAuthorization(request) of a request that is not protected: give it to the gate of requireAuthorization(auth) first, and the same object here, not a copy',
  )
}

/**
 * Returns the context of a request that a gate of `optionalAuthorization` has allowed, and undefined for an anonymous
 * one.
 *
 * @typeParam Role - the names of the roles, if they are declared
 * @param request - the object that was given to the gate: not a clone, and not a request that was made from it
 * @throws `TypeError`: when no gate has allowed the request, so that a copy of a request does not count as anonymous
 *
 * @example
 * ```ts
 * import { getOptionalAuthorization, optionalAuthorization } from '@org/zitadel-auth-fetch'
 *
 * const gate = optionalAuthorization(auth, true, { onRefusal: 'throw' })
 *
 * export async function greet(request: Request): Promise<string> {
 *   await gate(request)
 *   return `Hello ${getOptionalAuthorization(request)?.username ?? 'stranger'}`
 * }
 * ```
 */
export function getOptionalAuthorization<Role extends string = string>(
  request: Request,
): AuthorizationContext<Role> | undefined {
  const passage = findPassage(request)
  if (passage !== undefined) return passage.authorization as AuthorizationContext<Role> | undefined
  throw new TypeError(
    'getOptionalAuthorization(request) of a request that no gate has seen: give it to the gate of optionalAuthorization(auth) first, and the same object here, not a copy',
  )
}

/**
 * Checks that a request meets a requirement, and throws if not. Synchronous, like `authorize` of `@org/zitadel-auth`.
 *
 * @typeParam Role - the names of the roles, if they are declared
 * @param request - a request that a gate has allowed
 * @param requirement - what the request needs
 * @throws `AuthorizationError`: `ERR_PERMISSION_DENIED` or `ERR_AUTHENTICATION_INSUFFICIENT` when the requirement is
 * not met, `ERR_CONFIGURATION` when it needs a scope and the token was verified as a JWT. Inside `protect` it becomes
 * the error response; elsewhere use `refuse`
 * @throws `TypeError`: when no gate has allowed the request, or the requirement is empty or malformed
 *
 * @example
 * ```ts
 * import { authorize, protect } from '@org/zitadel-auth-fetch'
 *
 * export const DELETE = protect(auth, true, async (request) => {
 *   authorize(request, { role: 'admin' })
 *   return new Response(null, { status: 204 })
 * })
 * ```
 */
export function authorize<Role extends string = string>(request: Request, requirement: Requirement<Role>): void {
  authorizeContext(getAuthorization(request), requirement as Requirement)
}
