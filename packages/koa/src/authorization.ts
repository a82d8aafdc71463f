import { type AuthorizationContext, authorize as authorizeContext, type Requirement } from '@org/zitadel-auth'

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
  { readonly 'not protected: put requireAuthorization(auth) before this middleware': never }
>
type Optional<Ctx extends AnyContext> = Behind<
  typeof seen,
  Ctx,
  { readonly 'not protected: put optionalAuthorization(auth) before this middleware': never }
>
type RoleIn<Ctx extends AnyContext> = Ctx['state'] extends { readonly [seen]?: infer Role extends string }
  ? Role
  : string

/**
 * Gives the context of a request behind `requireAuthorization`. On a route without it the compiler refuses the call.
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
    'ctx.state.authorization on a route that is not protected: put requireAuthorization(auth) before its middleware',
  )
}

function findContext<Role extends string>({ state }: AnyContext): AuthorizationContext<Role> | undefined {
  return (state as Partial<OptionallyAuthorizedState<Role>>).authorization
}
