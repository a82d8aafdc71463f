import type { IncomingMessage } from 'node:http'
import {
  type AuthorizationContext,
  type AuthorizationHeader,
  type AuthTypes,
  isAuthorizationError,
  type Requirement,
  type RoleOf,
  readAuthorizationHeader,
  type ZitadelAuth,
} from '@org/zitadel-auth'
import type { ErrorRequestHandler, NextFunction, Response } from 'express'
import { type Authorized, type OptionallyAuthorized, setAuthorization } from './authorization.js'

/** What a middleware takes beside the requirement. */
export interface MiddlewareOptions {
  /**
   * Who answers a refused request: the middleware (`respond`), or the application's error handler (`next`), which gets
   * the `AuthorizationError` with its `status` and `headers`. Default: `respond`.
   */
  readonly onRefusal?: 'respond' | 'next'
}

/**
 * A middleware that fits any route. It names nothing of the request that a route infers from its path, and tells the
 * handlers after it, through the type of the response's locals, what it proved.
 */
export type AuthorizationMiddleware<Proof extends object> = (
  request: IncomingMessage,
  // biome-ignore lint/suspicious/noExplicitAny: whatever a route says of its answers is fine
  response: Response<any, Proof>,
  next: NextFunction,
) => void

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
): AuthorizationMiddleware<Authorized<RoleOf<Types>>> {
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
): AuthorizationMiddleware<OptionallyAuthorized<RoleOf<Types>>> {
  const required = auth.readRequirement(requirement)
  return createMiddleware(auth, (header) => auth.authenticateOptional(header, required), options)
}

/**
 * Answers the `AuthorizationError`s that handlers throw, as `authorize(ctx, requirement)` does, in the way
 * `requireAuthorization` answers. Every other error goes on to the next error handler.
 *
 * @param auth - from `createZitadelAuth`
 */
export function authorizationErrorHandler(auth: Pick<ZitadelAuth, 'refusal'>): ErrorRequestHandler {
  return (error, _request, response, next) => respond(auth, error, response, next)
}

type Refuser = Pick<ZitadelAuth, 'refusal'>
type Authenticate = (header: AuthorizationHeader) => Promise<AuthorizationContext | undefined>

function createMiddleware<Proof extends object>(
  auth: Refuser,
  authenticate: Authenticate,
  { onRefusal = 'respond' }: MiddlewareOptions = {},
): AuthorizationMiddleware<Proof> {
  return (request, response, next) => {
    const fail = (error: unknown): void => next(toError(error))
    authenticate(readAuthorizationHeader(request))
      // Two arguments: what a handler throws inside next() is no refusal.
      .then(
        (context) => {
          if (context !== undefined) setAuthorization(request, context)
          next()
        },
        (error) => {
          if (onRefusal === 'next') fail(error)
          // Else somebody was faster, as a middleware is that answers what takes too long: nobody is left to be told.
          else if (!(response.writableEnded && isAuthorizationError(error))) respond(auth, error, response, fail)
        },
      )
      .catch(fail)
  }
}

/** Express goes on to the next handler without an error, and to other handlers with `'route'` or `'router'` in its place. */
function toError(thrown: unknown): object {
  if (typeof thrown === 'object' && thrown !== null) return thrown
  return new Error('a request was refused with something that is not an error', { cause: thrown })
}

type Answer = Pick<Response, 'headersSent' | 'statusCode' | 'setHeader' | 'end'>

/**
 * One call after the other: middleware that hangs itself onto a response, to compress it, to log it or to save a session,
 * replaces its functions, and not all of them return what the original does.
 */
function respond(auth: Refuser, error: unknown, response: Answer, fail: (error: unknown) => void): void {
  const refusal = auth.refusal(error)
  if (refusal === undefined || response.headersSent) {
    fail(error)
    return
  }
  response.statusCode = refusal.status
  for (const [name, value] of Object.entries(refusal.headers)) response.setHeader(name, value)
  response.end(refusal.body)
}
