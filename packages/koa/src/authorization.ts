import { type AuthorizationContext, authorize as authorizeContext, type Requirement } from '@org/zitadel-auth'
import type { ParameterizedContext } from 'koa'

/** Marks a state behind `optionalAuthorization`. */
declare const seen: unique symbol
/** Marks a state behind `requireAuthorization`. */
declare const proof: unique symbol

/** What `optionalAuthorization` adds to `ctx.state`. The symbol exists in types only. */
export interface OptionallyAuthorizedState<Role extends string = string> {
  /** Who makes the request; undefined for an anonymous one. */
  authorization: AuthorizationContext<Role> | undefined
  /** That the request was looked at. */
  readonly [seen]?: Role
}

/** What `requireAuthorization` adds to `ctx.state`. The symbol exists in types only. */
export interface AuthorizedState<Role extends string = string> extends OptionallyAuthorizedState<Role> {
  /** Who makes the request. */
  authorization: AuthorizationContext<Role>
  /** That it brought a good token. */
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
 * The context behind `requireAuthorization`, for handlers whose route the compiler can't see: those in another file, and those
 * of a router that is protected as a whole by `router.use(requireAuthorization(auth))`.
 */
export type AuthorizedContext<Role extends string = string> = ParameterizedContext<DeclaredAuthorizedState<Role>>

/** The context behind `optionalAuthorization`, likewise. */
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
 * Gives the context of a request behind `requireAuthorization`. The compiler refuses the call where it can see that the
 * route has none: where a whole router is protected it can't, and needs `ctx: AuthorizedContext`.
 *
 * @param ctx - Koa's context
 * @throws {TypeError} when the request did not pass `requireAuthorization`
 */
export function getAuthorization<Ctx extends AnyContext>(ctx: Ctx & Required<Ctx>): AuthorizationContext<RoleIn<Ctx>> {
  return requireContext(ctx)
}

/**
 * Gives the context of a request behind `optionalAuthorization`, and undefined for an anonymous one.
 *
 * @param ctx - Koa's context
 */
export function getOptionalAuthorization<Ctx extends AnyContext>(
  ctx: Ctx & Optional<Ctx>,
): AuthorizationContext<RoleIn<Ctx>> | undefined {
  return findContext(ctx)
}

/**
 * Lets a request pass that meets a requirement. Synchronous, like the `authorize` of `@org/zitadel-auth`.
 *
 * @param ctx - Koa's context, behind `requireAuthorization`
 * @param requirement - what the request must bring
 * @throws {AuthorizationError} `ERR_PERMISSION_DENIED` when the requirement is not met
 * @throws {TypeError} when the request did not pass `requireAuthorization`, or the requirement is empty or malformed
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
