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
 * Middleware that fits wherever Express takes one, and tells the handlers after it that the request has a context.
 *
 * @group Types for the compiler
 */
export type AuthorizationMiddleware<Proof extends object> = (
  request: IncomingMessage,
  // biome-ignore lint/suspicious/noExplicitAny: whatever a route says of its answers is fine
  response: Response<any, Proof>,
  next: NextFunction,
) => void

/**
 * The request that a requirement may be a function of. Its parameters may have any type, since the requirement that the
 * function returns is checked.
 *
 * @group Types for the compiler
 */
// biome-ignore lint/suspicious/noExplicitAny: as above
export type RequirementRequest = Request<any>

/**
 * Allows requests with a valid token that meet the requirement, and rejects all others.
 *
 * @param auth - from `createZitadelAuth`
 * @param given - the requirement: `true` for a valid token, an object, or a function of the request. Default: `true`.
 * Then the options: with `onRefusal: 'throw'` the error handler of the application responds to rejected requests
 * @throws `TypeError`: at startup, when a requirement is given and is `undefined`, empty or malformed, when no token
 * can meet it, when an option is unknown, or when `auth` is not a ZitadelAuth
 *
 * @example
 * ```ts
 * import { requireAuthorization } from '@org/zitadel-auth-express'
 *
 * app.use('/tasks', requireAuthorization(auth))
 * app.get('/tasks', listTasks)
 * app.delete('/tasks', requireAuthorization(auth, { role: 'admin' }), exportTasks)
 * app.get('/orgs/:id', requireAuthorization(auth, (req) => ({ role: 'admin', inOrganization: req.params.id })), listOrders)
 * ```
 */
export function requireAuthorization<Types extends AuthTypes>(
  auth: ZitadelAuth<Types>,
  ...given: GuardArguments<RequestRequirement<RequirementRequest, RoleOf<Types>>, RefusalOptions>
): AuthorizationMiddleware<Authorized<RoleOf<Types>>> {
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
 * import { getOptionalAuthorization, optionalAuthorization } from '@org/zitadel-auth-express'
 *
 * app.get('/tasks', optionalAuthorization(auth), (req, res) => {
 *   const isAdmin = getOptionalAuthorization(req)?.isGrantedRole('admin') ?? false
 *   res.json({ isAdmin })
 * })
 * ```
 */
export function optionalAuthorization<Types extends AuthTypes>(
  auth: ZitadelAuth<Types>,
  ...given: GuardArguments<RequestRequirement<RequirementRequest, RoleOf<Types>>, RefusalOptions>
): AuthorizationMiddleware<OptionallyAuthorized<RoleOf<Types>>> {
  return createMiddleware(auth, createGuard(auth, 'optional', given), given[1])
}

/**
 * Responds to an `AuthorizationError` that a handler throws, such as that of `authorize(context, requirement)`, as
 * `requireAuthorization` does. Every other error goes on to the next error handler.
 *
 * @param auth - from `createZitadelAuth`
 * @throws `TypeError`: at startup, when `auth` is not a ZitadelAuth
 *
 * @example
 * ```ts
 * import { authorize } from '@org/zitadel-auth'
 * import { authorizationErrorHandler, getAuthorization, requireAuthorization } from '@org/zitadel-auth-express'
 *
 * app.delete('/tasks/:id', requireAuthorization(auth), (req, res) => {
 *   authorize(getAuthorization(req), { role: 'admin' })
 *   res.sendStatus(204)
 * })
 * app.use(authorizationErrorHandler(auth))
 * ```
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
