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
} from '@org/zitadel-auth/adapter'
import type { Context, MiddlewareHandler } from 'hono'
import { isLifetime, outlive, type RequestLifetime } from '../outlive.js'
import { setPassage } from '../passage.js'
import type { Refuser } from '../refuse.js'
import { setRefuser, toAnswerable } from './answerable.js'
import type { AuthorizedEnv, OptionallyAuthorizedEnv, RequirementContext } from './environment.js'
import { respond } from './refuse.js'

/**
 * Allows requests with a valid token that meet the requirement, and rejects all others.
 *
 * @param auth - from `createZitadelAuth`
 * @param given - the requirement: `true` for a valid token, an object, or a function of Hono's context. Default:
 * `true`. Then the options: with `onRefusal: 'throw'` the error of a rejected request goes to `app.onError`
 * @throws `TypeError`: at startup, when a requirement is given and is `undefined`, empty or malformed, when no token
 * can meet it, when an option is unknown, or when `auth` is not a ZitadelAuth
 *
 * @example
 * ```ts
 * import { requireAuthorization } from '@org/zitadel-auth-fetch/hono'
 * import { Hono } from 'hono'
 *
 * const api = new Hono()
 * api.use(requireAuthorization(auth))
 * api.delete('/tasks/:id', requireAuthorization(auth, { role: 'admin' }), (c) => c.body(null, 204))
 * api.get('/orgs/:id', requireAuthorization(auth, (c) => ({ role: 'admin', inOrganization: c.req.param('id') })), (c) =>
 *   c.json({ id: c.req.param('id') }),
 * )
 * ```
 */
export function requireAuthorization<Types extends AuthTypes>(
  auth: ZitadelAuth<Types>,
  ...given: GuardArguments<RequestRequirement<RequirementContext, RoleOf<Types>>, RefusalOptions>
): MiddlewareHandler<AuthorizedEnv<RoleOf<Types>>> {
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
 * import { optionalAuthorization } from '@org/zitadel-auth-fetch/hono'
 * import { Hono } from 'hono'
 *
 * const api = new Hono()
 * api.get('/tasks', optionalAuthorization(auth), (c) => {
 *   return c.json({ isAdmin: c.var.authorization?.isGrantedRole('admin') ?? false })
 * })
 * ```
 */
export function optionalAuthorization<Types extends AuthTypes>(
  auth: ZitadelAuth<Types>,
  ...given: GuardArguments<RequestRequirement<RequirementContext, RoleOf<Types>>, RefusalOptions>
): MiddlewareHandler<OptionallyAuthorizedEnv<RoleOf<Types>>> {
  return createMiddleware(auth, createGuard(auth, 'optional', given), given[1])
}

function createMiddleware(
  auth: Refuser,
  guard: Guard<RequirementContext>,
  options: RefusalOptions | undefined,
): MiddlewareHandler {
  const { onRefusal } = readRefusalOptions(options)
  return async (c, next) => {
    setRefuser(c, auth)
    try {
      const header = readAuthorizationHeader(c.req.raw)
      const authorization = guard.recall(header) ?? (await outlive(guard.admit(header, c), findLifetime(c)))
      setPassage(c, { authorization })
      // For what is mounted here and gets the request alone.
      setPassage(c.req.raw, { authorization })
      c.set('authorization', authorization)
    } catch (error) {
      if (onRefusal === 'throw') throw toAnswerable(c, error)
      return respond(auth, error, c)
    }
    // Outside the try: an error of the application is none of ours.
    return next()
  }
}

/** Hono throws where the runtime gave none. */
function findLifetime(c: Context): RequestLifetime | undefined {
  try {
    return isLifetime(c.executionCtx) ? c.executionCtx : undefined
  } catch {
    return undefined
  }
}
