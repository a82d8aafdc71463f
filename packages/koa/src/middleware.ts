import {
  type AuthorizationContext,
  type AuthorizationHeader,
  type AuthTypes,
  type Requirement,
  type RoleOf,
  readAuthorizationHeader,
  type ZitadelAuth,
} from '@org/zitadel-auth'
import type { Context, Middleware } from 'koa'
import type { AuthorizedState, OptionallyAuthorizedState } from './authorization.js'

/** What a middleware takes beside the requirement. */
export interface MiddlewareOptions {
  /**
   * Who answers a refused request: the middleware (`respond`), which keeps the headers that are set already, or whoever
   * catches the `AuthorizationError` (`throw`), in the end Koa, which drops them. Default: `respond`.
   */
  readonly onRefusal?: 'respond' | 'throw'
}

/**
 * Lets requests with a good token pass, and of those the ones that meet the requirement.
 *
 * @param auth - from `createZitadelAuth`
 * @param requirement - what a request must bring beyond a good token
 * @param options - who answers a refused request
 * @throws {TypeError} at start-up, when the requirement is empty or malformed
 */
export function requireAuthorization<Types extends AuthTypes>(
  auth: ZitadelAuth<Types>,
  requirement?: Requirement<RoleOf<Types>>,
  options?: MiddlewareOptions,
): Middleware<AuthorizedState<RoleOf<Types>>> {
  const required = auth.readRequirement(requirement)
  return createMiddleware(auth, (header) => auth.authenticate(header, required), options)
}

/**
 * Lets requests without credentials pass too. Bad credentials are refused.
 *
 * @param auth - from `createZitadelAuth`
 * @param requirement - what a request with credentials must bring beyond a good token
 * @param options - who answers a refused request
 * @throws {TypeError} at start-up, when the requirement is empty or malformed
 */
export function optionalAuthorization<Types extends AuthTypes>(
  auth: ZitadelAuth<Types>,
  requirement?: Requirement<RoleOf<Types>>,
  options?: MiddlewareOptions,
): Middleware<OptionallyAuthorizedState<RoleOf<Types>>> {
  const required = auth.readRequirement(requirement)
  return createMiddleware(auth, (header) => auth.authenticateOptional(header, required), options)
}

/**
 * Answers the `AuthorizationError`s that middleware after it throws, as `authorize(ctx, requirement)` does, in the way
 * `requireAuthorization` answers. Every other error goes on.
 *
 * @param auth - from `createZitadelAuth`
 */
export function authorizationErrorHandler(auth: Pick<ZitadelAuth, 'refusal'>): Middleware {
  return async (ctx, next) => {
    try {
      await next()
    } catch (error) {
      respond(auth, error, ctx)
    }
  }
}

type Refuser = Pick<ZitadelAuth, 'refusal'>
type Authenticate = (header: AuthorizationHeader) => Promise<AuthorizationContext | undefined>

function createMiddleware<State>(
  auth: Refuser,
  authenticate: Authenticate,
  { onRefusal = 'respond' }: MiddlewareOptions = {},
): Middleware<State> {
  return async (ctx, next) => {
    try {
      Object.assign(ctx.state as object, { authorization: await authenticate(readAuthorizationHeader(ctx.req)) })
    } catch (error) {
      if (onRefusal === 'throw') throw error
      return respond(auth, error, ctx)
    }
    // Outside the try: an error of the application is none of ours.
    return next()
  }
}

function respond(auth: Refuser, error: unknown, ctx: Pick<Context, 'status' | 'set' | 'body'>): void {
  const refusal = auth.refusal(error)
  if (refusal === undefined) throw error
  ctx.status = refusal.status
  ctx.set({ ...refusal.headers })
  ctx.body = refusal.body
}
