import type { AuthorizationContext } from './context.js'
import { contextBrand } from './context-brand.js'

/**
 * Tells whether a value is an {@link AuthorizationContext} that this library made, also another copy of it.
 *
 * @param value - anything, such as what stands in a request's state under the name of the context
 */
export function isAuthorizationContext(value: unknown): value is AuthorizationContext {
  return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[contextBrand] === true
}
