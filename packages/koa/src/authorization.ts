import { type AuthorizationContext, authorize as authorizeContext, type Requirement } from '@org/zitadel-auth'

/** What `requireAuthorization` adds to `ctx.state`. */
export interface AuthorizedState<Role extends string = string> {
  /** Who makes the request. */
  authorization: AuthorizationContext<Role>
}

/** What `optionalAuthorization` adds to `ctx.state`. */
export interface OptionallyAuthorizedState<Role extends string = string> {
  /** Who makes the request; undefined for an anonymous one. */
  authorization: AuthorizationContext<Role> | undefined
}

/** Any Koa context whose state has been through `requireAuthorization`. */
interface AuthorizedContext<Role extends string> {
  readonly state: AuthorizedState<Role>
}

/**
 * Gives the context of a request behind `requireAuthorization`.
 *
 * @param ctx - Koa's context
 * @throws {TypeError} when the request did not pass `requireAuthorization`
 */
export function getAuthorization<Role extends string>(ctx: AuthorizedContext<Role>): AuthorizationContext<Role> {
  const context: AuthorizationContext<Role> | undefined = ctx.state.authorization
  if (context === undefined) {
    throw new TypeError(
      'ctx.state.authorization on a route that is not protected: put requireAuthorization(auth) before its middleware',
    )
  }
  return context
}

/**
 * Gives the context of a request behind `optionalAuthorization`, and undefined for an anonymous one.
 *
 * @param ctx - Koa's context
 */
export function getOptionalAuthorization<Role extends string>(ctx: {
  readonly state: OptionallyAuthorizedState<Role>
}): AuthorizationContext<Role> | undefined {
  return ctx.state.authorization
}

/**
 * Lets a request pass that meets a requirement. Synchronous, like the `authorize` of `@org/zitadel-auth`.
 *
 * @param ctx - Koa's context, behind `requireAuthorization`
 * @param requirement - what the request must bring
 * @throws {AuthorizationError} `ERR_PERMISSION_DENIED` when the requirement is not met
 * @throws {TypeError} when the request did not pass `requireAuthorization`, or the requirement is empty or malformed
 */
export function authorize<Role extends string>(
  ctx: AuthorizedContext<Role>,
  requirement: Requirement<NoInfer<Role>>,
): void {
  authorizeContext(getAuthorization(ctx), requirement)
}
