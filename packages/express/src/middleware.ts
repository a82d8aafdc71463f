import {
  type AuthorizationContext,
  type AuthorizationHeader,
  type AuthTypes,
  type Requirement,
  type RoleOf,
  readAuthorizationHeader,
  type ZitadelAuth,
} from '@org/zitadel-auth'
import type { ErrorRequestHandler, NextFunction, Request, RequestHandler, Response } from 'express'
import { setAuthorization } from './authorization.js'

/** What a middleware takes beside the requirement. */
export interface MiddlewareOptions {
  /**
   * Who answers a refused request: the middleware (`respond`), or the application's error handler (`next`), which gets
   * the `AuthorizationError` with `status` and `headers`. Default: `respond`.
   */
  readonly onRefusal?: 'respond' | 'next'
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
): RequestHandler {
  const required = requirement && auth.readRequirement(requirement)
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
): RequestHandler {
  const required = requirement && auth.readRequirement(requirement)
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

function respond(auth: Pick<ZitadelAuth, 'refusal'>, error: unknown, response: Response, next: NextFunction): void {
  const refusal = auth.refusal(error)
  if (refusal === undefined || response.headersSent) next(error)
  else response.writeHead(refusal.status, refusal.headers).end(refusal.body)
}

type Authenticate = (header: AuthorizationHeader) => Promise<AuthorizationContext | undefined>

function createMiddleware<Types extends AuthTypes>(
  auth: ZitadelAuth<Types>,
  authenticate: Authenticate,
  { onRefusal = 'respond' }: MiddlewareOptions = {},
): RequestHandler {
  function proceed(request: Request, context: AuthorizationContext | undefined, next: NextFunction): void {
    if (context !== undefined) setAuthorization(request, context)
    next()
  }

  return (request, response, next) => {
    authenticate(readAuthorizationHeader(request))
      // Two arguments: what a handler throws inside next() is no refusal.
      .then(
        (context) => proceed(request, context, next),
        (error) => (onRefusal === 'next' ? next(error) : respond(auth, error, response, next)),
      )
      .catch(next)
  }
}
