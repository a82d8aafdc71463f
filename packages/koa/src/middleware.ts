import {
  type AuthTypes,
  type RequestRequirement,
  type RoleOf,
  readAuthorizationHeader,
  type ZitadelAuth,
} from '@org/zitadel-auth'
import {
  createGuard,
  type Guard,
  type GuardArguments,
  type RefusalOptions,
  readRefusalOptions,
  requireAuth,
} from '@org/zitadel-auth/adapter'
import type { Context, Middleware } from 'koa'
import { type AuthorizedState, type OptionallyAuthorizedState, setAuthorization } from './authorization.js'
import { type Answerable, write } from './write.js'

/**
 * What a requirement may be a function of: Koa's context, with the parameters of the path if a router sets them.
 *
 * @group Types for the compiler
 */
export interface RequirementRequest extends Context {
  /** The parameters of the path. They may have any type, since the requirement that the function returns is checked. */
  // biome-ignore lint/suspicious/noExplicitAny: Koa itself knows no parameters
  params: any
}

/**
 * Allows requests with a valid token that meet the requirement, and rejects all others.
 *
 * @param auth - from `createZitadelAuth`
 * @param given - the requirement: `true` for a valid token, an object, or a function of Koa's context. Default: `true`.
 * Then the options: with `onRefusal: 'throw'` the error of a rejected request is thrown to other middleware, and
 * finally to Koa, which removes headers that are already set
 * @throws `TypeError`: at startup, when a requirement is given and is `undefined`, empty or malformed, when no token
 * can meet it, when an option is unknown, or when `auth` is not a ZitadelAuth
 *
 * @example
 * ```ts
 * import Router from '@koa/router'
 * import { requireAuthorization } from '@org/zitadel-auth-koa'
 *
 * const router = new Router()
 * router.use(requireAuthorization(auth))
 * router.delete('/tasks/:id', requireAuthorization(auth, { role: 'admin' }), (ctx) => {
 *   ctx.status = 204
 * })
 * ```
 */
export function requireAuthorization<Types extends AuthTypes>(
  auth: ZitadelAuth<Types>,
  ...given: GuardArguments<RequestRequirement<RequirementRequest, RoleOf<Types>>, RefusalOptions>
): Middleware<AuthorizedState<RoleOf<Types>>> {
  return createMiddleware(auth, createGuard(auth, 'required', given), given[1])
}

/**
 * Allows requests without credentials too. Invalid credentials are rejected.
 *
 * @param auth - from `createZitadelAuth`
 * @param given - what a request with credentials needs, and the options, as in {@link requireAuthorization}
 * @throws `TypeError`: at startup, as {@link requireAuthorization} does
 *
 * @example
 * ```ts
 * import { optionalAuthorization } from '@org/zitadel-auth-koa'
 * import Koa from 'koa'
 *
 * const api = new Koa()
 * api.use(optionalAuthorization(auth)).use((ctx) => {
 *   ctx.body = `Hello ${ctx.state.authorization?.username ?? 'stranger'}`
 * })
 * ```
 */
export function optionalAuthorization<Types extends AuthTypes>(
  auth: ZitadelAuth<Types>,
  ...given: GuardArguments<RequestRequirement<RequirementRequest, RoleOf<Types>>, RefusalOptions>
): Middleware<OptionallyAuthorizedState<RoleOf<Types>>> {
  return createMiddleware(auth, createGuard(auth, 'optional', given), given[1])
}

/**
 * Responds to an `AuthorizationError` that later middleware throws, such as that of `authorize(ctx, requirement)`, as
 * `requireAuthorization` does. Every other error goes on.
 *
 * @param auth - from `createZitadelAuth`
 * @throws `TypeError`: at startup, when `auth` is not a ZitadelAuth
 *
 * @example
 * ```ts
 * import { authorizationErrorHandler, authorize, requireAuthorization } from '@org/zitadel-auth-koa'
 * import Koa from 'koa'
 *
 * const api = new Koa()
 * api.use(authorizationErrorHandler(auth)).use(requireAuthorization(auth)).use((ctx) => {
 *   if (ctx.method === 'DELETE') authorize(ctx, { role: 'admin' })
 *   ctx.status = 204
 * })
 * ```
 */
export function authorizationErrorHandler(auth: Refuser): Middleware {
  requireAuth(auth, ['refusal'])
  return async (ctx, next) => {
    try {
      await next()
    } catch (error) {
      respond(auth, error, ctx)
    }
  }
}

type Refuser = Pick<ZitadelAuth, 'refusal'>

function createMiddleware<State>(
  auth: Refuser,
  guard: Guard<RequirementRequest>,
  options: RefusalOptions | undefined,
): Middleware<State> {
  const { onRefusal } = readRefusalOptions(options)
  return async (ctx, next) => {
    const request = ctx as unknown as RequirementRequest
    try {
      const header = readAuthorizationHeader(ctx.req)
      setAuthorization(request, guard.recall(header) ?? (await guard.admit(header, request)))
    } catch (error) {
      if (onRefusal === 'throw') throw error
      return respond(auth, error, ctx)
    }
    // Outside the try: an error of the application is none of ours.
    return next()
  }
}

function respond(auth: Refuser, error: unknown, ctx: Answerable): void {
  const refusal = auth.refusal(error)
  if (refusal === undefined) throw error
  write(refusal, ctx)
}
