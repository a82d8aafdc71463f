/**
 * Opts in to the types of `request.authorization` and `config.authorization` on every request and route. A global
 * augmentation, so it is for applications and not for libraries, and only for the plugin's default name.
 *
 * @packageDocumentation
 */
import type { AuthorizationContext } from '@org/zitadel-auth'
import type { RegisteredRole } from './application-types.js'
import type { RouteAuthorization } from './declared-routes.js'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who makes the request; null on public routes and for anonymous requests. */
    readonly authorization: AuthorizationContext<RegisteredRole> | null
  }
  interface FastifyContextConfig {
    /** What the route asks for. Default: a good token. */
    readonly authorization?: RouteAuthorization
  }
}
