import type { AuthTypes, RoleOf } from '@org/zitadel-auth'

/**
 * What an application can tell the compiler of its ZITADEL, once for all decorators:
 *
 * ```ts
 * import '@org/zitadel-auth-nest'
 *
 * declare module '@org/zitadel-auth-nest' {
 *   interface ApplicationTypes { role: 'admin' | 'editor' }
 * }
 * ```
 */
export interface ApplicationTypes extends AuthTypes {}

/** The names of the roles, where {@link ApplicationTypes} declares them. */
export type RegisteredRole = RoleOf<ApplicationTypes>
