import type { IncomingMessage } from 'node:http'
import {
  type AuthTypes,
  isAuthorizationError,
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
  writeNodeAnswer,
} from '@org/zitadel-auth/adapter'
import type { ErrorRequestHandler, NextFunction, Request, Response } from 'express'
import { type Authorized, type OptionallyAuthorized, setAuthorization } from './authorization.js'

/**
 * A middleware that fits wherever Express takes one. It names nothing of the request that a route infers from its path, and
 * tells the handlers after it, through the type of the response's locals, what it proved.
 */
export type AuthorizationMiddleware<Proof extends object> = (
  request: IncomingMessage,
  // biome-ignore lint/suspicious/noExplicitAny: whatever a route says of its answers is fine
  response: Response<any, Proof>,
  next: NextFunction,
) => void

/** The request that a requirement may be a function of. Its parameters are checked where the requirement is read. */
// biome-ignore lint/suspicious/noExplicitAny: as above
export type RequirementRequest = Request<any>

/**
 * Lets requests with a good token pass, and of those the ones that meet the requirement.
 *
 * ```ts
 * app.use(requireAuthorization(auth))
 * app.delete('/tasks/:id', requireAuthorization(auth, { role: 'admin' }), deleteTask)
 * app.get('/orgs/:id', requireAuthorization(auth, (req) => ({ role: 'admin', inOrganization: req.params.id })), showOrg)
 * ```
 *
 * @param auth - from `createZitadelAuth`
 * @param given - the requirement: `true`, an object, or a function of the request; default: `true`. Then the options:
 * `onRefusal: 'throw'` hands a refused request to the application's error handler
 * @throws {TypeError} at start-up, when the requirement is given and `undefined`, empty, malformed or one that no token can
 * meet, or an option is unknown
 */
export function requireAuthorization<Types extends AuthTypes>(
  auth: ZitadelAuth<Types>,
  ...given: GuardArguments<RequestRequirement<RequirementRequest, RoleOf<Types>>, RefusalOptions>
): AuthorizationMiddleware<Authorized<RoleOf<Types>>> {
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
): AuthorizationMiddleware<OptionallyAuthorized<RoleOf<Types>>> {
  return createMiddleware(auth, createGuard(auth, 'optional', given), given[1])
}

/**
 * Answers the `AuthorizationError`s that handlers throw, as `authorize(ctx, requirement)` does, in the way
 * `requireAuthorization` answers. Every other error goes on to the next error handler.
 *
 * @param auth - from `createZitadelAuth`
 * @throws {TypeError} at start-up, when `auth` is none
 */
export function authorizationErrorHandler(auth: Refuser): ErrorRequestHandler {
  requireAuth(auth, ['refusal'])
  return (error, _request, response, next) => respond(auth, error, response, next)
}

type Refuser = Pick<ZitadelAuth, 'refusal'>

function createMiddleware<Proof extends object>(
  auth: Refuser,
  guard: Guard<RequirementRequest>,
  options: RefusalOptions | undefined,
): AuthorizationMiddleware<Proof> {
  const { onRefusal } = readRefusalOptions(options)
  return (request, response, next) => {
    const header = readAuthorizationHeader(request)
    const cached = guard.recall(header)
    if (cached !== undefined) {
      setAuthorization(request, cached)
      next()
      return
    }
    guard
      .admit(header, request as RequirementRequest)
      // Two arguments: what a handler throws inside next() is no refusal.
      .then(
        (context) => {
          setAuthorization(request, context)
          next()
        },
        (error) => (onRefusal === 'throw' ? next(error) : respond(auth, error, response, next)),
      )
      .catch(next)
  }
}

function respond(
  auth: Refuser,
  error: unknown,
  response: Pick<Response, 'headersSent' | 'writableEnded' | 'statusCode' | 'setHeader' | 'getHeader' | 'end'>,
  next: NextFunction,
): void {
  // Somebody was faster, as a middleware is that answers what takes too long: nobody is left to be told.
  if (response.writableEnded && isAuthorizationError(error)) return
  const refusal = auth.refusal(error)
  if (refusal === undefined || response.headersSent) {
    next(error)
    return
  }
  writeNodeAnswer(refusal, response)
}
