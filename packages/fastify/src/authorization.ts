import type { AuthorizationContext } from '@org/zitadel-auth'
import type { FastifyRequest } from 'fastify'
import type { RegisteredRole } from './types.js'

/**
 * Gives the context of a request on a route with authorization, without the null that `request.authorization` can be.
 *
 * @param request - the request a handler got
 * @param name - the name the plugin was registered under. Default: `authorization`
 * @throws {TypeError} when the route is not protected
 */
export function getAuthorization(
  request: FastifyRequest,
  name = 'authorization',
): AuthorizationContext<RegisteredRole> {
  const context = (request as unknown as Record<string, unknown>)[name]
  if (context === undefined || context === null) {
    throw new TypeError(
      `request.${name} on a route that is not protected: declare config: { ${name}: true } or a requirement on it`,
    )
  }
  return context as AuthorizationContext<RegisteredRole>
}
