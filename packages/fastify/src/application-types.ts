import type { AuthTypes, RoleOf } from '@org/zitadel-auth'

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
