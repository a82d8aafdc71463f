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

/** What a requirement may be a function of: Koa's context, with the parameters of a router's path where there is one. */
export interface RequirementRequest extends Context {
  /** The parameters of the path, as a router gives them. They are checked where the requirement is read. */
  // biome-ignore lint/suspicious/noExplicitAny: Koa itself knows no parameters
  params: any
}

/**
 * Lets requests with a good token pass, and of those the ones that meet the requirement.
 *
 * ```ts
 * app.use(requireAuthorization(auth))
 * router.delete('/tasks/:id', requireAuthorization(auth, { role: 'admin' }), deleteTask)
 * router.get('/orgs/:id', requireAuthorization(auth, (ctx) => ({ role: 'admin', inOrganization: ctx.params.id })), showOrg)
 * ```
 *
 * @param auth - from `createZitadelAuth`
 * @param given - the requirement: `true`, an object, or a function of Koa's context; default: `true`. Then the options:
 * `onRefusal: 'throw'` throws a refused request's error to whoever catches it, in the end Koa, which drops the headers
 * that are set already
 * @throws {TypeError} at start-up, when the requirement is given and `undefined`, empty, malformed or one that no token can
 * meet, or an option is unknown
 */
export function requireAuthorization<Types extends AuthTypes>(
  auth: ZitadelAuth<Types>,
  ...given: GuardArguments<RequestRequirement<RequirementRequest, RoleOf<Types>>, RefusalOptions>
): Middleware<AuthorizedState<RoleOf<Types>>> {
  return createMiddleware(auth, createGuard(auth, 'required', given), given[1])
}

/**
 * Lets requests without credentials pass too. Bad credentials are refused.
 *
 * @param auth - from `createZitadelAuth`
 * @param given - what a request with credentials must bring, and the options, as {@link requireAuthorization} takes them
 * @throws {TypeError} at start-up, as {@link requireAuthorization} does
 */
export function optionalAuthorization<Types extends AuthTypes>(
  auth: ZitadelAuth<Types>,
  ...given: GuardArguments<RequestRequirement<RequirementRequest, RoleOf<Types>>, RefusalOptions>
): Middleware<OptionallyAuthorizedState<RoleOf<Types>>> {
  return createMiddleware(auth, createGuard(auth, 'optional', given), given[1])
}

/**
 * Answers the `AuthorizationError`s that middleware after it throws, as `authorize(ctx, requirement)` does, in the way
 * `requireAuthorization` answers. Every other error goes on.
 *
 * @param auth - from `createZitadelAuth`
 * @throws {TypeError} at start-up, when `auth` is none
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
