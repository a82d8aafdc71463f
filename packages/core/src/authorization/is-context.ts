import type { AuthorizationContext } from './context.js'
import { contextBrand } from './context-brand.js'

/**
 * Whether a value is an {@link AuthorizationContext}, also one of another copy of this package.
 *
 * @param value - anything, such as what a framework keeps in the state of a request
 *
 * @example
 * ```ts
 * import { isAuthorizationContext } from '@org/zitadel-auth'
 *
 * export function nameCaller(state: { readonly user?: unknown }): string {
 *   return isAuthorizationContext(state.user) ? state.user.userId : 'anonymous'
 * }
 * ```
 */
export function isAuthorizationContext(value: unknown): value is AuthorizationContext {
  return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[contextBrand] === true
}
