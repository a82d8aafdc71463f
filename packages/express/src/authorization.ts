import type { AuthorizationContext } from '@org/zitadel-auth'
import type { Request } from 'express'

/** Beside the requests, not on them: `req.auth` belongs to whichever library came first. */
const contexts = new WeakMap<object, AuthorizationContext>()

/** Remembers who makes a request. */
export function setAuthorization(request: Request, context: AuthorizationContext): void {
  contexts.set(request, context)
}

/**
 * Gives the context of a request behind `requireAuthorization`.
 *
 * @param request - the request a handler got
 * @throws {TypeError} when the request did not pass `requireAuthorization`: the route is not protected
 */
export function getAuthorization<Role extends string = string>(request: Request): AuthorizationContext<Role> {
  const context = getOptionalAuthorization<Role>(request)
  if (context === undefined) {
    throw new TypeError(
      'getAuthorization(req) on a route that is not protected: put requireAuthorization(auth) before its handler',
    )
  }
  return context
}

/**
 * Gives the context of a request behind `optionalAuthorization`, and undefined for an anonymous one.
 *
 * @param request - the request a handler got
 */
export function getOptionalAuthorization<Role extends string = string>(
  request: Request,
): AuthorizationContext<Role> | undefined {
  return contexts.get(request) as AuthorizationContext<Role> | undefined
}
