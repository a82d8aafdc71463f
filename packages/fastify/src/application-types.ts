import type { AuthTypes, RoleOf } from '@org/zitadel-auth'

/**
 * What an application tells the compiler about its ZITADEL, once for all routes.
 *
 * ```ts
 * import '@org/zitadel-auth-fastify'
 *
 * declare module '@org/zitadel-auth-fastify' {
 *   interface ApplicationTypes {
 *     role: 'admin' | 'editor'
 *   }
 * }
 * ```
 */
export interface ApplicationTypes extends AuthTypes {}

/**
 * The names of the roles that {@link ApplicationTypes} declares.
 *
 * @group Types for the compiler
 */
export type RegisteredRole = RoleOf<ApplicationTypes>
