import { Buffer } from 'node:buffer'
import {
  type AuthorizationContext,
  type AuthorizationHeader,
  isAuthorizationError,
  readAuthorizationHeader,
  type ZitadelAuth,
} from '@org/zitadel-auth'
import type { FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify'
import { hold } from './holds.js'

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

/**
 * Makes an `onRequest` hook: it runs before a body is read, and puts the context on the request under `name`.
 *
 * It takes a callback, and never calls it for a request that it has answered. An async hook would have to wait for the
 * reply, and Fastify goes on when that wait is over: also because the client has gone while another hook was still busy
 * with the response, and then the handler would run.
 */
export function createHook(
  auth: Refuser,
  name: string,
  authenticate: Authenticate,
  { onRefusal = 'respond' }: HookOptions,
): onRequestHookHandler {
  const refuse = onRefusal === 'respond' ? respond : rethrow
  return (request, reply, done) => {
    if (typeof done !== 'function') throw new TypeError(`a hook of ${name} takes a request, a reply and a callback`)
    const release = hold(request)
    const pass = (context: AuthorizationContext | undefined): void => {
      ;(request as unknown as Record<string, unknown>)[name] = context ?? null
      release()
      done()
    }
    const stop = (error: unknown): void => {
      try {
        refuse(auth, error, reply)
      } catch (thrown) {
        release()
        done(toError(thrown))
      }
    }
    authenticate(readHeader(request)).then(pass, stop)
  }
}

/** What the handler will read: a hook that takes the token from a cookie sets `request.headers`, which leaves the raw ones. */
function readHeader({ headers, raw: { rawHeaders } }: FastifyRequest): AuthorizationHeader {
  return readAuthorizationHeader({ headers, rawHeaders })
}

/** Fastify takes a call without an error, or with one that is falsy, for a go-ahead. */
function toError(thrown: unknown): Error {
  return (thrown || new Error('a request was refused with something that is not an error', { cause: thrown })) as Error
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
function rethrow(_auth: Refuser, error: unknown, reply: FastifyReply): never {
  if (isAuthorizationError(error)) reply.headers(error.headers)
  throw error
}
