import type { AuthTypes, RoleOf } from '@org/zitadel-auth'

/**
 * What an application tells the compiler about its ZITADEL, once for all decorators.
 *
 * ```ts
 * import '@org/zitadel-auth-nest'
 *
 * declare module '@org/zitadel-auth-nest' {
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
