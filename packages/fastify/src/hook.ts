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

/** What the hooks need of a request: any Fastify has it, whatever its server, its logger and its routes. */
export interface AnyRequest {
  /** The headers, as hooks before this one have left them. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** The request of Node.js. */
  readonly raw: { readonly rawHeaders: readonly string[] }
  /** The route that was found. */
  readonly routeOptions?: {
    /** What it says. */
    readonly config?: object
  }
}

/** An `onRequest` hook: it runs before a body is read. */
export type AuthorizationHook = (request: AnyRequest, reply: AnyReply, done: (error?: Error) => void) => void

/** The request that a requirement may be a function of. Its parameters are checked where the requirement is read. */
export type RequirementRequest = Omit<FastifyRequest, 'params' | 'query'> & {
  // biome-ignore lint/suspicious/noExplicitAny: whatever a route says of its parameters is fine
  readonly params: any
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly query: any
}

/** What a hook takes beside the requirement. */
export interface HookOptions extends RefusalOptions {
  /** The name under which the context stands on the request. Default: `authorization`. */
  readonly name?: string
}

/**
 * Makes an `onRequest` hook that lets requests with a good token pass, and of those the ones that meet the requirement. For
 * a route by `{ onRequest: … }`, or for a whole scope by `addHook('onRequest', …)`.
 *
 * ```ts
 * admin.addHook('onRequest', requireAuthorization(auth, { role: 'admin' }))
 * ```
 *
 * @param auth - from `createZitadelAuth`
 * @param given - the requirement: `true`, an object, or a function of the request; default: `true`. Then the options:
 * `onRefusal: 'throw'` hands a refused request to the application's error handler, with the headers of the refusal on the
 * reply
 * @throws {TypeError} at start-up, when the requirement is given and `undefined`, empty, malformed or one that no token can
 * meet, or an option is unknown
 */
export function requireAuthorization<Types extends AuthTypes>(
  auth: ZitadelAuth<Types>,
  ...given: GuardArguments<RequestRequirement<RequirementRequest, RoleOf<Types>>, HookOptions>
): AuthorizationHook {
  return createHook(auth, createGuard(auth, 'required', given), given[1])
}

/**
 * Makes an `onRequest` hook that lets requests without credentials pass too. Bad credentials are refused.
 *
 * @param auth - from `createZitadelAuth`
 * @param given - what a request with credentials must bring, and the options, as {@link requireAuthorization} takes them
 * @throws {TypeError} at start-up, as {@link requireAuthorization} does
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
 * Answers the `AuthorizationError`s that handlers throw, as `authorize(ctx, requirement)` does, in the way the plugin
 * answers: `app.setErrorHandler(authorizationErrorHandler(auth))`. Every other error goes on to the next error handler.
 *
 * @param auth - from `createZitadelAuth`
 * @throws {TypeError} at start-up, when `auth` is none
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
