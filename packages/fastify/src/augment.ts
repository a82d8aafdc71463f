/**
 * Adds the types of `request.authorization` and `config.authorization` to every request and route. Import it once,
 * `import '@org/zitadel-auth-fastify/augment'`. The types change globally, so it is for applications and not for
 * libraries, and only for the default name of the plugin.
 *
 * @module @org/zitadel-auth-fastify/augment
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
    /**
     * What the route needs.
     *
     * @defaultValue `true` (a valid token)
     */
    readonly authorization?: RouteAuthorization
  }
}
