import { type AuthorizationContext, authorize as authorizeContext, type Requirement } from '@org/zitadel-auth'
import type { ParameterizedContext } from 'koa'

/** Marks a state behind `optionalAuthorization`. */
declare const seen: unique symbol
/** Marks a state behind `requireAuthorization`. */
declare const proof: unique symbol

/**
 * What `optionalAuthorization` adds to `ctx.state`. The symbol exists in types only.
 *
 * @typeParam Role - the names of the roles, if they are declared
 * @group Types for the compiler
 */
export interface OptionallyAuthorizedState<Role extends string = string> {
  /** Who makes the request; undefined for an anonymous one. */
  authorization: AuthorizationContext<Role> | undefined
  /** That the middleware ran. */
  readonly [seen]?: Role
}

/**
 * What `requireAuthorization` adds to `ctx.state`. The symbol exists in types only.
 *
 * @typeParam Role - the names of the roles, if they are declared
 * @group Types for the compiler
 */
export interface AuthorizedState<Role extends string = string> extends OptionallyAuthorizedState<Role> {
  /** Who makes the request. */
  authorization: AuthorizationContext<Role>
  /** That the request has a valid token. */
  readonly [proof]?: Role
}

/** What is known of a state that the compiler can't follow. */
interface DeclaredState {
  // biome-ignore lint/suspicious/noExplicitAny: what Koa says of states
  [member: string]: any
}

interface DeclaredAuthorizedState<Role extends string> extends DeclaredState {
  readonly [seen]?: Role
  readonly [proof]?: Role
}

interface DeclaredOptionalState<Role extends string> extends DeclaredState {
  readonly [seen]?: Role
}

/**
 * Koa's context behind `requireAuthorization`, for handlers whose route the compiler cannot see: those in another file,
 * and those of a router that is protected as a whole by `router.use(requireAuthorization(auth))`.
 *
 * @typeParam Role - the names of the roles, if they are declared
 */
export type AuthorizedContext<Role extends string = string> = ParameterizedContext<DeclaredAuthorizedState<Role>>

/**
 * Koa's context behind `optionalAuthorization`, for handlers whose route the compiler cannot see.
 *
 * @typeParam Role - the names of the roles, if they are declared
 */
export type OptionallyAuthorizedContext<Role extends string = string> = ParameterizedContext<
  DeclaredOptionalState<Role>
>

interface AnyContext {
  readonly state: object
}

// Koa's own state is `any`, to which everything is assignable: only a symbol among its keys proves something.
type Behind<Key extends symbol, Ctx extends AnyContext, Otherwise> = Key extends keyof Ctx['state']
  ? unknown
  : Otherwise
type Required<Ctx extends AnyContext> = Behind<
  typeof proof,
  Ctx,
  { readonly 'not protected: put requireAuthorization(auth) before, or declare ctx as AuthorizedContext': never }
>
type Optional<Ctx extends AnyContext> = Behind<
  typeof seen,
  Ctx,
  {
    readonly 'not protected: put optionalAuthorization(auth) before, or declare ctx as OptionallyAuthorizedContext': never
  }
>
type RoleIn<Ctx extends AnyContext> = Ctx['state'] extends { readonly [seen]?: infer Role extends string }
  ? Role
  : string

// A registered symbol, so that an ESM and a CommonJS copy of this package find each other's contexts.
const key = Symbol.for('@org/zitadel-auth-koa/authorization')

/**
 * Remembers who makes a request, undefined for an anonymous one: under a symbol, which nobody else writes, and for
 * convenience as `ctx.state.authorization`.
 */
export function setAuthorization(ctx: AnyContext, context: AuthorizationContext | undefined): void {
  Object.defineProperty(ctx, key, { value: context, configurable: true })
  Object.assign(ctx.state, { authorization: context })
}

/**
 * Returns the context of a request behind `requireAuthorization`. If the compiler can see that the route is not
 * protected, the call is a compile error. If a whole router is protected it cannot see that: declare
 * `ctx: AuthorizedContext`.
 *
 * @param ctx - Koa's context
 * @throws `TypeError`: when the request did not pass `requireAuthorization`
 *
 * @example
 * ```ts
 * import Router from '@koa/router'
 * import { getAuthorization, requireAuthorization } from '@org/zitadel-auth-koa'
 *
 * const router = new Router()
 * router.get('/me', requireAuthorization(auth), (ctx) => {
 *   ctx.body = { userId: getAuthorization(ctx).userId }
 * })
 * ```
 */
export function getAuthorization<Ctx extends AnyContext>(ctx: Ctx & Required<Ctx>): AuthorizationContext<RoleIn<Ctx>> {
  return requireContext(ctx)
}

/**
 * Returns the context of a request behind `optionalAuthorization`, and undefined for an anonymous one.
 *
 * @param ctx - Koa's context
 *
 * @example
 * ```ts
 * import Router from '@koa/router'
 * import { getOptionalAuthorization, optionalAuthorization } from '@org/zitadel-auth-koa'
 *
 * const router = new Router()
 * router.get('/', optionalAuthorization(auth), (ctx) => {
 *   ctx.body = `Hello ${getOptionalAuthorization(ctx)?.username ?? 'stranger'}`
 * })
 * ```
 */
export function getOptionalAuthorization<Ctx extends AnyContext>(
  ctx: Ctx & Optional<Ctx>,
): AuthorizationContext<RoleIn<Ctx>> | undefined {
  return findContext(ctx)
}

/**
 * Checks that a request meets a requirement, and throws if not. Synchronous, like `authorize` of `@org/zitadel-auth`.
 *
 * @param ctx - Koa's context, behind `requireAuthorization`
 * @param requirement - what the request needs
 * @throws `AuthorizationError`: `ERR_PERMISSION_DENIED` or `ERR_AUTHENTICATION_INSUFFICIENT` when the requirement is
 * not met, `ERR_CONFIGURATION` when it needs a scope and the token was verified as a JWT
 * @throws `TypeError`: when the request did not pass `requireAuthorization`, or the requirement is empty or malformed
 *
 * @example
 * ```ts
 * import Router from '@koa/router'
 * import { authorize, requireAuthorization } from '@org/zitadel-auth-koa'
 *
 * const router = new Router()
 * router.delete('/tasks/:id', requireAuthorization(auth), (ctx) => {
 *   authorize(ctx, { role: 'admin' })
 *   ctx.status = 204
 * })
 * ```
 */
export function authorize<Ctx extends AnyContext>(
  ctx: Ctx & Required<Ctx>,
  requirement: Requirement<RoleIn<Ctx>>,
): void {
  authorizeContext(requireContext(ctx), requirement as Requirement)
}

function requireContext<Role extends string>(ctx: AnyContext): AuthorizationContext<Role> {
  const context = findContext<Role>(ctx)
  if (context !== undefined) return context
  throw new TypeError(
    'getAuthorization(ctx) on a route that is not protected: put requireAuthorization(auth) before its middleware',
  )
}

function findContext<Role extends string>(ctx: AnyContext): AuthorizationContext<Role> | undefined {
  return (ctx as { readonly [key]?: AuthorizationContext<Role> })[key]
}
