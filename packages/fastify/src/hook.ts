import {
  type AuthorizationHeader,
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
  writeRefusal,
} from '@org/zitadel-auth/adapter'
import type { FastifyRequest } from 'fastify'
import { setAuthorization } from './authorization.js'
import { isEndpoint } from './endpoint.js'
import { hold } from './holds.js'
import { type AnyReply, setHeaders, write } from './write.js'

/**
 * The part of a request that the hooks need.
 *
 * @group Types for the compiler
 */
export interface AnyRequest {
  /** The headers, as earlier hooks left them. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** The request of Node.js. */
  readonly raw: {
    /** Names and values in turn, as they were received. */
    readonly rawHeaders: readonly string[]
  }
  /** The route. */
  readonly routeOptions?: {
    /** Its `config`. */
    readonly config?: object
  }
}

/**
 * An `onRequest` hook, which runs before the body is read. It takes a callback: without one it throws a `TypeError`.
 *
 * @group Types for the compiler
 */
export type AuthorizationHook = (request: AnyRequest, reply: AnyReply, done: (error?: Error) => void) => void

/**
 * The request that a requirement may be a function of. Its parameters may have any type, since the requirement that the
 * function returns is checked.
 *
 * @group Types for the compiler
 */
export type RequirementRequest = Omit<FastifyRequest, 'params' | 'query'> & {
  /** The parameters of the path. */
  // biome-ignore lint/suspicious/noExplicitAny: whatever a route says of its parameters is fine
  readonly params: any
  /** The query. */
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly query: any
}

/** The options of a hook. */
export interface HookOptions extends RefusalOptions {
  /**
   * The name of the context on the request.
   *
   * @defaultValue `'authorization'`
   */
  readonly name?: string
}

/**
 * Creates an `onRequest` hook that allows requests with a valid token that meet the requirement, and rejects all
 * others. For a route, `{ onRequest: … }`, or for a whole scope, `addHook('onRequest', …)`.
 *
 * @param auth - from `createZitadelAuth`
 * @param given - the requirement: `true` for a valid token, an object, or a function of the request. Default: `true`.
 * Then the options: with `onRefusal: 'throw'` the error handler of the application responds to rejected requests, and
 * the headers of the error response are already on the reply
 * @throws `TypeError`: at startup, when a requirement is given and is `undefined`, empty or malformed, when no token
 * can meet it, when an option is unknown, or when `auth` is not a ZitadelAuth
 *
 * @example
 * ```ts
 * import { requireAuthorization } from '@org/zitadel-auth-fastify'
 * import Fastify from 'fastify'
 *
 * const app = Fastify()
 * app.register(async (admin) => {
 *   admin.addHook('onRequest', requireAuthorization(auth, { role: 'admin' }))
 *   admin.get('/reports', async () => ['a report'])
 * })
 * ```
 */
export function requireAuthorization<Types extends AuthTypes>(
  auth: ZitadelAuth<Types>,
  ...given: GuardArguments<RequestRequirement<RequirementRequest, RoleOf<Types>>, HookOptions>
): AuthorizationHook {
  return createHook(auth, createGuard(auth, 'required', given), given[1])
}

/**
 * Creates an `onRequest` hook that allows requests without credentials too. Invalid credentials are rejected.
 *
 * @param auth - from `createZitadelAuth`
 * @param given - what a request with credentials needs, and the options, as in {@link requireAuthorization}
 * @throws `TypeError`: at startup, as {@link requireAuthorization} does
 *
 * @example
 * ```ts
 * import { getOptionalAuthorization, optionalAuthorization } from '@org/zitadel-auth-fastify'
 * import Fastify from 'fastify'
 *
 * const app = Fastify()
 * app.get('/', { onRequest: optionalAuthorization(auth) }, async (request) => {
 *   return `Hello ${getOptionalAuthorization(request)?.username ?? 'stranger'}`
 * })
 * ```
 */
export function optionalAuthorization<Types extends AuthTypes>(
  auth: ZitadelAuth<Types>,
  ...given: GuardArguments<RequestRequirement<RequirementRequest, RoleOf<Types>>, HookOptions>
): AuthorizationHook {
  return createHook(auth, createGuard(auth, 'optional', given), given[1])
}

type Refuser = Pick<ZitadelAuth, 'refusal'>

/**
 * Makes the hook of a guard. It takes a callback, and never calls it for a request that it has answered. An async hook would
 * have to wait for the reply, and Fastify goes on when that wait is over: also because the client has gone while another hook
 * was still busy with the response, and then the handler would run.
 */
export function createHook(
  auth: Refuser,
  guard: Guard<RequirementRequest>,
  options: HookOptions | undefined,
): AuthorizationHook {
  const { onRefusal } = readRefusalOptions(options, ['name'])
  const { name = defaultName } = options ?? {}

  /** Tells whether Fastify may go on, and rejects with what the application's error handler shall get. */
  async function decide(header: AuthorizationHeader, request: AnyRequest, reply: AnyReply): Promise<boolean> {
    try {
      setAuthorization(request, name, await guard.admit(header, request as unknown as RequirementRequest))
      return true
    } catch (error) {
      if (onRefusal === 'throw') throw withHeaders(error, reply)
      respond(auth, error, reply)
      return false
    }
  }

  return (request, reply, done) => {
    // Who awaits the hook by hand would go on at once.
    if (typeof done !== 'function') throw new TypeError('the hook takes a request, a reply and a callback')
    if (isEndpoint(request)) {
      done()
      return
    }
    const header = readAuthorizationHeader({ headers: request.headers, rawHeaders: request.raw.rawHeaders })
    const cached = guard.recall(header)
    if (cached !== undefined) {
      setAuthorization(request, name, cached)
      done()
      return
    }
    const release = hold(request)
    const goOn = (error?: Error): void => {
      release()
      done(error)
    }
    // Two arguments: what a hook or a handler after this one throws is none of its business.
    decide(header, request, reply).then((mayGoOn) => {
      if (mayGoOn) goOn()
    }, goOn)
  }
}

/** The name of everything that has none of its own. */
export const defaultName = 'authorization'

/**
 * Creates an error handler that responds to an `AuthorizationError` of a handler, such as that of
 * `authorize(context, requirement)`, as the plugin does. Every other error goes on to the next error handler.
 *
 * @param auth - from `createZitadelAuth`
 * @throws `TypeError`: at startup, when `auth` is not a ZitadelAuth
 *
 * @example
 * ```ts
 * import { authorizationErrorHandler, zitadelAuth } from '@org/zitadel-auth-fastify'
 * import Fastify from 'fastify'
 *
 * const app = Fastify()
 * app.setErrorHandler(authorizationErrorHandler(auth))
 * await app.register(zitadelAuth, { auth })
 * ```
 */
export function authorizationErrorHandler(auth: Refuser): (error: unknown, request: unknown, reply: AnyReply) => void {
  requireAuth(auth, ['refusal'])
  return (error, _request, reply) => respond(auth, error, reply)
}

function respond(auth: Refuser, error: unknown, reply: AnyReply): void {
  const refusal = auth.refusal(error)
  if (refusal === undefined) throw error
  write(refusal, reply)
}

/** Fastify ignores the headers of an error, and keeps those of a reply under any error handler. */
function withHeaders(error: unknown, reply: AnyReply): unknown {
  if (isAuthorizationError(error)) writeRefusal(() => setHeaders(error.headers, reply))
  return error
}
