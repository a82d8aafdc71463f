import type { RequestRequirement } from '../authorization/requirement-choice.js'
import type { AuthTypes, ZitadelAuth } from '../zitadel-auth.js'
import { createGuard, type Guard } from './guard.js'

/**
 * What a route or a method asks for, where everything that does not say so is closed: nothing (`'public'`), a requirement
 * (`true` for a good token), or credentials that may be missing (`'optional'`, or `{ optional: requirement }`).
 *
 * @typeParam Request - the framework's request
 * @typeParam Role - the names of the roles, where they are declared
 */
export type Declaration<Request, Role extends string = string> =
  | 'public'
  | 'optional'
  | RequestRequirement<Request, Role>
  | { readonly optional: RequestRequirement<Request, Role> }

/**
 * Makes the guard for what a route or a method declares, for those who write an adapter.
 *
 * @param auth - from `createZitadelAuth`
 * @param declaration - what it asks for
 * @returns the guard, or `'public'` where there is none
 * @throws {TypeError} when the declaration says nothing that can be understood
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
