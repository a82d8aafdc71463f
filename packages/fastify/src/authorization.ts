import { type AuthorizationContext, isAuthorizationContext } from '@org/zitadel-auth'
import type { RegisteredRole } from './application-types.js'

/** Puts the context onto a request, and null for an anonymous one. */
export function setAuthorization(request: object, name: string, context: AuthorizationContext | undefined): void {
  ;(request as Record<string, unknown>)[name] = context ?? null
}

/**
 * Gives the context of a request on a route with authorization.
 *
 * @param request - the request a handler got
 * @param name - the name the plugin or the hook was given. Default: `authorization`
 * @throws {TypeError} when the route is not protected, or the request is anonymous
 */
export function getAuthorization<Role extends string = RegisteredRole>(
  request: object,
  name = 'authorization',
): AuthorizationContext<Role> {
  const context = getOptionalAuthorization<Role>(request, name)
  if (context === undefined) {
    throw new TypeError(
      `getAuthorization(request) on a route that is not protected: register zitadelAuth around it, and leave config.${name} away or declare true or a requirement`,
    )
  }
  return context
}

/**
 * Gives the context of a request on a route whose authorization is optional, and undefined for an anonymous one.
 *
 * @param request - the request a handler got
 * @param name - the name the plugin or the hook was given. Default: `authorization`
 */
export function getOptionalAuthorization<Role extends string = RegisteredRole>(
  request: object,
  name = 'authorization',
): AuthorizationContext<Role> | undefined {
  const value: unknown = (request as Record<string, unknown>)[name]
  return isAuthorizationContext(value) ? (value as AuthorizationContext<Role>) : undefined
}
