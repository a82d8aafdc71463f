import type { RequestRequirement } from '../authorization/requirement-choice.js'
import type { AuthTypes, ZitadelAuth } from '../zitadel-auth.js'
import { createGuard, type Guard } from './guard.js'

/**
 * What a route or a method needs, in adapters that protect everything by default: nothing (`'public'`), a requirement
 * (`true` for a valid token), or optional credentials (`'optional'`, or `{ optional: requirement }`).
 *
 * @typeParam Request - the framework's request
 * @typeParam Role - the names of the roles, if they are declared
 */
export type Declaration<Request, Role extends string = string> =
  | 'public'
  | 'optional'
  | RequestRequirement<Request, Role>
  | {
      /** What a request with credentials needs. */
      readonly optional: RequestRequirement<Request, Role>
    }

/**
 * Creates the guard for what a route or a method declares.
 *
 * @typeParam Request - the framework's request
 * @param auth - from `createZitadelAuth`
 * @param declaration - a {@link Declaration}
 * @returns the guard, or `'public'` if none is needed
 * @throws `TypeError`: when the declaration or its requirement is malformed, or `auth` is not a ZitadelAuth
 *
 * @example
 * ```ts
 * import { createDeclaredGuard, type Declaration } from '@org/zitadel-auth/adapter'
 *
 * const declarations: Record<string, Declaration<Request>> = {
 *   '/health': 'public',
 *   '/tasks': { role: 'editor' },
 * }
 * const guards = Object.entries(declarations).map(([path, declaration]) => {
 *   return [path, createDeclaredGuard<Request>(auth, declaration)] as const
 * })
 * ```
 */
export function createDeclaredGuard<Request, Types extends AuthTypes = AuthTypes>(
  auth: ZitadelAuth<Types>,
  declaration: unknown,
): Guard<Request> | 'public' {
  if (declaration === 'public') return 'public'
  if (declaration === 'optional') return createGuard(auth, 'optional', [])
  if (declaration !== true && typeof declaration !== 'function' && !isObject(declaration)) {
    throw new TypeError(
      "what can be asked for is 'public', 'optional', true, a requirement, a function that gives one, or { optional } around these",
    )
  }
  if (!isObject(declaration) || !Object.hasOwn(declaration, 'optional')) {
    return createGuard(auth, 'required', [declaration])
  }
  const { optional, ...rest } = declaration as { readonly optional: unknown }
  if (Object.keys(rest).length > 0) throw new TypeError('a requirement that is optional stands inside { optional }')
  return createGuard(auth, 'optional', [optional])
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
