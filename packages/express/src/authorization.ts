import type { AuthorizationContext } from '@org/zitadel-auth'
import type { Request } from 'express'
import { isAugmented } from './augmentation.js'

declare const proof: unique symbol

/**
 * What `requireAuthorization` proves to the compiler about a request: the handlers after it in the same route see it in
 * the type of their `req`. It exists in types only; the locals of Express stay what they are.
 */
export interface Authorized<Role extends string = string> {
  /** What was proved. Optional, so that the middleware fits wherever Express takes one. */
  readonly [proof]?: AuthorizationContext<Role>
  // biome-ignore lint/suspicious/noExplicitAny: what Express says of locals
  [local: string]: any
}

/** What `optionalAuthorization` proves: the request was looked at, and may be anonymous. */
export interface OptionallyAuthorized<Role extends string = string> {
  /** What was proved. */
  readonly [proof]?: AuthorizationContext<Role> | 'anonymous'
  // biome-ignore lint/suspicious/noExplicitAny: what Express says of locals
  [local: string]: any
}

// biome-ignore lint/suspicious/noExplicitAny: whatever a route says of its bodies and its query is fine
type RequestWith<Locals extends object, Params> = Request<Params, any, any, any, Locals>

/**
 * A request behind `requireAuthorization`, for handlers whose route the compiler can't see: those in another file, and those
 * behind `app.use(requireAuthorization(auth))`.
 */
// biome-ignore lint/suspicious/noExplicitAny: as above
export type AuthorizedRequest<Role extends string = string, Params = any> = RequestWith<Authorized<Role>, Params>

/** A request behind `optionalAuthorization`, likewise. */
// biome-ignore lint/suspicious/noExplicitAny: as above
export type OptionallyAuthorizedRequest<Role extends string = string, Params = any> = RequestWith<
  OptionallyAuthorized<Role>,
  Params
>

interface AnyRequest {
  readonly res?: { readonly locals: object } | undefined
}

type LocalsOf<Req extends AnyRequest> = NonNullable<Req['res']>['locals']

// Where another middleware has typed the locals nobody can know; those of Express itself say that nothing was proved.
type ProofIn<Locals> = typeof proof extends keyof Locals
  ? NonNullable<Locals[typeof proof & keyof Locals]>
  : string extends keyof Locals
    ? never
    : AuthorizationContext

type RoleIn<Proof> = Proof extends AuthorizationContext<infer Role> ? Role : never

type Required<Proof> = [Proof] extends [never]
  ? { readonly 'not protected: put requireAuthorization(auth) before, or declare req as AuthorizedRequest': never }
  : 'anonymous' extends Proof
    ? { readonly 'the request may be anonymous: use getOptionalAuthorization': never }
    : unknown

type Optional<Proof> = [Proof] extends [never]
  ? {
      readonly 'not protected: put optionalAuthorization(auth) before, or declare req as OptionallyAuthorizedRequest': never
    }
  : unknown

// A symbol, since `req.auth` belongs to whichever library came first; a registered one, so that an ESM and a CommonJS
// copy of this package find each other's contexts.
const key = Symbol.for('@org/zitadel-auth-express/authorization')

/**
 * Remembers who makes a request, undefined for an anonymous one: a context from before must not outlive the credentials it
 * came from. Not enumerable: a request that is logged or copied does not show it.
 */
export function setAuthorization(request: object, context: AuthorizationContext | undefined): void {
  const property = { value: context, configurable: true }
  Object.defineProperty(request, key, property)
  if (isAugmented()) Object.defineProperty(request, 'authorization', property)
}

/** Gives what {@link setAuthorization} remembered. */
function findAuthorization(request: object): AuthorizationContext | undefined {
  return (request as { readonly [key]?: AuthorizationContext })[key]
}

/**
 * Gives the context of a request behind `requireAuthorization`. The compiler refuses the call where it can see that the
 * route has none: behind `app.use(requireAuthorization(auth))` it can't, and needs `req: AuthorizedRequest`.
 *
 * @param request - the request a handler got
 * @throws {TypeError} when the request did not pass `requireAuthorization`
 */
export function getAuthorization<Req extends AnyRequest>(
  request: Req & Required<ProofIn<LocalsOf<Req>>>,
): AuthorizationContext<RoleIn<ProofIn<LocalsOf<Req>>>> {
  const context = findAuthorization(request)
  if (context === undefined) {
    throw new TypeError(
      'getAuthorization(req) on a route that is not protected: put requireAuthorization(auth) before its handler',
    )
  }
  return context as AuthorizationContext<RoleIn<ProofIn<LocalsOf<Req>>>>
}

/**
 * Gives the context of a request behind `optionalAuthorization`, and undefined for an anonymous one.
 *
 * @param request - the request a handler got
 */
export function getOptionalAuthorization<Req extends AnyRequest>(
  request: Req & Optional<ProofIn<LocalsOf<Req>>>,
): AuthorizationContext<RoleIn<ProofIn<LocalsOf<Req>>>> | undefined {
  return findAuthorization(request) as AuthorizationContext<RoleIn<ProofIn<LocalsOf<Req>>>> | undefined
}
