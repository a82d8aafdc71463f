import type { AuthorizationContext } from '@org/zitadel-auth'
import type { Request } from 'express'
import { isAugmented } from './augmentation.js'

declare const proof: unique symbol

/**
 * What `requireAuthorization` tells the compiler about the handlers after it in the same route. It exists in types
 * only.
 *
 * @typeParam Role - the names of the roles, if they are declared
 * @group Types for the compiler
 */
export interface Authorized<Role extends string = string> {
  /** The context. Optional, so that the middleware fits wherever Express takes one. */
  readonly [proof]?: AuthorizationContext<Role>
  // biome-ignore lint/suspicious/noExplicitAny: what Express says of locals
  [local: string]: any
}

/**
 * What `optionalAuthorization` tells the compiler about the handlers after it in the same route. It exists in types
 * only.
 *
 * @typeParam Role - the names of the roles, if they are declared
 * @group Types for the compiler
 */
export interface OptionallyAuthorized<Role extends string = string> {
  /** The context, or that the request may be anonymous. */
  readonly [proof]?: AuthorizationContext<Role> | 'anonymous'
  // biome-ignore lint/suspicious/noExplicitAny: what Express says of locals
  [local: string]: any
}

// biome-ignore lint/suspicious/noExplicitAny: whatever a route says of its bodies and its query is fine
type RequestWith<Locals extends object, Params> = Request<Params, any, any, any, Locals>

/**
 * A request behind `requireAuthorization`, for handlers whose route the compiler cannot see: those in another file, and
 * those behind `app.use(requireAuthorization(auth))`.
 *
 * @typeParam Role - the names of the roles, if they are declared
 * @typeParam Params - the parameters of the path
 */
// biome-ignore lint/suspicious/noExplicitAny: as above
export type AuthorizedRequest<Role extends string = string, Params = any> = RequestWith<Authorized<Role>, Params>

/**
 * A request behind `optionalAuthorization`, for handlers whose route the compiler cannot see.
 *
 * @typeParam Role - the names of the roles, if they are declared
 * @typeParam Params - the parameters of the path
 */
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
 * Returns the context of a request behind `requireAuthorization`. If the compiler can see that the route is not
 * protected, the call is a compile error. Behind `app.use(requireAuthorization(auth))` it cannot see that the route is
 * protected: declare `req: AuthorizedRequest`.
 *
 * @param request - the request of a handler
 * @throws `TypeError`: when the request did not pass `requireAuthorization`
 *
 * @example
 * ```ts
 * import { getAuthorization, requireAuthorization } from '@org/zitadel-auth-express'
 *
 * app.get('/me', requireAuthorization(auth), (req, res) => {
 *   const { userId, username } = getAuthorization(req)
 *   res.json({ userId, username })
 * })
 * ```
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
 * Returns the context of a request behind `optionalAuthorization`, and undefined for an anonymous one.
 *
 * @param request - the request of a handler
 *
 * @example
 * ```ts
 * import { getOptionalAuthorization, optionalAuthorization } from '@org/zitadel-auth-express'
 *
 * app.get('/', optionalAuthorization(auth), (req, res) => {
 *   res.send(`Hello ${getOptionalAuthorization(req)?.username ?? 'stranger'}`)
 * })
 * ```
 */
export function getOptionalAuthorization<Req extends AnyRequest>(
  request: Req & Optional<ProofIn<LocalsOf<Req>>>,
): AuthorizationContext<RoleIn<ProofIn<LocalsOf<Req>>>> | undefined {
  return findAuthorization(request) as AuthorizationContext<RoleIn<ProofIn<LocalsOf<Req>>>> | undefined
}
