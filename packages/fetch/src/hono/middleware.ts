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
 * Lets requests with a good token pass, and of those the ones that meet the requirement.
 *
 * ```ts
 * app.use(requireAuthorization(auth))
 * app.delete('/tasks/:id', requireAuthorization(auth, { role: 'admin' }), deleteTask)
 * app.get('/orgs/:id', requireAuthorization(auth, (c) => ({ role: 'admin', inOrganization: c.req.param('id') })), showOrg)
 * ```
 *
 * @param auth - from `createZitadelAuth`
 * @param given - the requirement: `true`, an object, or a function of Hono's context; default: `true`. Then the options:
 * `onRefusal: 'throw'` throws a refused request's error to Hono, which hands it to `app.onError`
 * @throws {TypeError} at start-up, when the requirement is given and `undefined`, empty, malformed or one that no token can
 * meet, or an option is unknown
 */
export function requireAuthorization<Types extends AuthTypes>(
  auth: ZitadelAuth<Types>,
  ...given: GuardArguments<RequestRequirement<RequirementContext, RoleOf<Types>>, RefusalOptions>
): MiddlewareHandler<AuthorizedEnv<RoleOf<Types>>> {
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
