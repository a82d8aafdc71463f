import { Buffer } from 'node:buffer'
import {
  type AuthorizationContext,
  type AuthorizationHeader,
  isAuthorizationError,
  readAuthorizationHeader,
  type ZitadelAuth,
} from '@org/zitadel-auth'
import type { FastifyReply, FastifyRequest, onRequestAsyncHookHandler } from 'fastify'

/** How refused requests are answered. */
export interface HookOptions {
  /**
   * Who answers a refused request: the plugin (`respond`), or the application's error handler (`throw`), which gets the
   * `AuthorizationError`; the headers of the refusal are on the reply by then. Default: `respond`.
   */
  readonly onRefusal?: 'respond' | 'throw'
}

type Refuser = Pick<ZitadelAuth, 'refusal'>
type Authenticate = (header: AuthorizationHeader) => Promise<AuthorizationContext | undefined>

/** Makes an `onRequest` hook: it runs before a body is read, and puts the context on the request under `name`. */
export function createHook(
  auth: Refuser,
  name: string,
  authenticate: Authenticate,
  { onRefusal = 'respond' }: HookOptions,
): onRequestAsyncHookHandler {
  return async (request, reply) => {
    try {
      const context = await authenticate(readAuthorizationHeader(request.raw))
      ;(request as unknown as Record<string, unknown>)[name] = context ?? null
      return undefined
    } catch (error) {
      return onRefusal === 'respond' ? respond(auth, error, reply) : rethrow(error, reply)
    }
  }
}

/**
 * Answers the `AuthorizationError`s that handlers throw, as `authorize(ctx, requirement)` does, in the way the plugin
 * answers: `app.setErrorHandler(authorizationErrorHandler(auth))`. Every other error goes on to the next error handler.
 *
 * @param auth - from `createZitadelAuth`
 */
export function authorizationErrorHandler(
  auth: Refuser,
): (error: unknown, request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply> {
  return async (error, _request, reply) => respond(auth, error, reply)
}

/** Sends bytes: a string would be open to the route's serializer and to Fastify's opinion of its charset. */
function respond(auth: Refuser, error: unknown, reply: FastifyReply): FastifyReply {
  const refusal = auth.refusal(error)
  if (refusal === undefined) throw error
  return reply.code(refusal.status).headers(refusal.headers).send(Buffer.from(refusal.body))
}

/** Fastify ignores the headers of an error, and keeps those of a reply under any error handler. */
function rethrow(error: unknown, reply: FastifyReply): never {
  if (isAuthorizationError(error)) reply.headers(error.headers)
  throw error
}
