import type { AuthorizationContext, AuthTypes, RoleOf } from '@org/zitadel-auth'
import type { AuthorizationHooks } from './plugin.js'
import type { RouteAuthorization } from './route.js'

/**
 * What an application can tell the compiler of its ZITADEL, once for all routes:
 *
 * ```ts
 * import '@org/zitadel-auth-fastify'
 *
 * declare module '@org/zitadel-auth-fastify' {
 *   interface ApplicationTypes { role: 'admin' | 'editor' }
 * }
 * ```
 */
export interface ApplicationTypes extends AuthTypes {}

/** The names of the roles, where {@link ApplicationTypes} declares them. */
export type RegisteredRole = RoleOf<ApplicationTypes>

declare module 'fastify' {
  interface FastifyInstance {
    /** The hooks of the plugin that was registered without a name of its own. */
    readonly authorization: AuthorizationHooks
  }
  interface FastifyRequest {
    /** Who makes the request; null on routes without authorization and for anonymous requests. */
    readonly authorization: AuthorizationContext<RegisteredRole> | null
  }
  interface FastifyContextConfig {
    /** What the route asks for: `true` for a good token, `'optional'`, or a requirement. */
    readonly authorization?: RouteAuthorization<RegisteredRole>
  }
}
