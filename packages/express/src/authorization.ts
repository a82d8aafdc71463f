import type { AuthorizationContext } from '@org/zitadel-auth'
import type { Request } from 'express'

declare const proof: unique symbol

/**
 * What `requireAuthorization` proves to the compiler about a request: the handlers after it in the same route see it in
 * the type of their `req`. It exists in types only.
 */
export interface Authorized<Role extends string = string> {
  /** What was proved. */
  readonly [proof]: AuthorizationContext<Role>
}

/** What `optionalAuthorization` proves: the request was looked at, and may be anonymous. */
export interface OptionallyAuthorized<Role extends string = string> {
  /** What was proved. */
  readonly [proof]: AuthorizationContext<Role> | undefined
}

/** A request behind `requireAuthorization`, for handlers that are declared away from their route. */
// biome-ignore lint/suspicious/noExplicitAny: whatever a route says of its parameters and bodies is fine
export type AuthorizedRequest<Role extends string = string> = Request<any, any, any, any, Authorized<Role>>

/** A request behind `optionalAuthorization`, for handlers that are declared away from their route. */
export type OptionallyAuthorizedRequest<Role extends string = string> = Request<
  // biome-ignore lint/suspicious/noExplicitAny: as above
  any,
  // biome-ignore lint/suspicious/noExplicitAny: as above
  any,
  // biome-ignore lint/suspicious/noExplicitAny: as above
  any,
  // biome-ignore lint/suspicious/noExplicitAny: as above
  any,
  OptionallyAuthorized<Role>
>

// A symbol, since `req.auth` belongs to whichever library came first; a registered one, so that an ESM and a CommonJS
// copy of this package find each other's contexts.
const key = Symbol.for('@org/zitadel-auth-express/authorization')

/** Remembers who makes a request. Not enumerable: a request that is logged or copied does not show it. */
export function setAuthorization(request: object, context: AuthorizationContext): void {
  Object.defineProperty(request, key, { value: context, configurable: true })
}

/** Gives what {@link setAuthorization} remembered. */
export function findAuthorization(request: object): AuthorizationContext | undefined {
  return (request as { readonly [key]?: AuthorizationContext })[key]
}

/**
 * Gives the context of a request behind `requireAuthorization`. On a route without it the compiler refuses the call.
 *
 * @param request - the request a handler got
 * @throws {TypeError} when the request did not pass `requireAuthorization`
 */
export function getAuthorization<Role extends string>(request: AuthorizedRequest<Role>): AuthorizationContext<Role> {
  const context = findAuthorization(request)
  if (context === undefined) {
    throw new TypeError(
      'getAuthorization(req) on a route that is not protected: put requireAuthorization(auth) before its handler',
    )
  }
  return context as AuthorizationContext<Role>
}

/**
 * Gives the context of a request behind `optionalAuthorization`, and undefined for an anonymous one.
 *
 * @param request - the request a handler got
 */
export function getOptionalAuthorization<Role extends string>(
  request: OptionallyAuthorizedRequest<Role>,
): AuthorizationContext<Role> | undefined {
  return findAuthorization(request) as AuthorizationContext<Role> | undefined
}
