import { type AuthorizationContext, isAuthorizationContext } from '@org/zitadel-auth'
import type { RegisteredRole } from './application-types.js'

/** Puts the context onto a request, and null for an anonymous one. */
export function setAuthorization(request: object, name: string, context: AuthorizationContext | undefined): void {
  ;(request as Record<string, unknown>)[name] = context ?? null
}

/**
 * Returns the context of a request on a protected route.
 *
 * @typeParam Role - the names of the roles. Default: those of {@link ApplicationTypes}
 * @param request - the request of a handler
 * @param name - the `name` of the plugin or the hook. Default: `authorization`
 * @throws `TypeError`: when the route is not protected, or the request is anonymous
 *
 * @example
 * ```ts
 * import { getAuthorization, zitadelAuth } from '@org/zitadel-auth-fastify'
 * import Fastify from 'fastify'
 *
 * const app = Fastify()
 * await app.register(zitadelAuth, { auth })
 * app.get('/me', async (request) => ({ userId: getAuthorization(request).userId }))
 * ```
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
 * Returns the context of a request on a route with optional authorization, and undefined for an anonymous request.
 *
 * @typeParam Role - the names of the roles. Default: those of {@link ApplicationTypes}
 * @param request - the request of a handler
 * @param name - the `name` of the plugin or the hook. Default: `authorization`
 *
 * @example
 * ```ts
 * import { getOptionalAuthorization, zitadelAuth } from '@org/zitadel-auth-fastify'
 * import Fastify from 'fastify'
 *
 * const app = Fastify()
 * await app.register(zitadelAuth, { auth })
 * app.get('/', { config: { authorization: 'optional' } }, async (request) => {
 *   return `Hello ${getOptionalAuthorization(request)?.username ?? 'stranger'}`
 * })
 * ```
 */
export function getOptionalAuthorization<Role extends string = RegisteredRole>(
  request: object,
  name = 'authorization',
): AuthorizationContext<Role> | undefined {
  const value: unknown = (request as Record<string, unknown>)[name]
  return isAuthorizationContext(value) ? (value as AuthorizationContext<Role>) : undefined
}
