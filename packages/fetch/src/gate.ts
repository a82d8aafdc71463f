import {
  type AuthorizationContext,
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
import { outlive, type RequestLifetime } from './outlive.js'
import { setPassage } from './passage.js'
import { type Refuser, respond } from './refuse.js'

/**
 * Decides about a request: returns its context, or the error response if it is rejected.
 *
 * @param request - the request, of any runtime
 * @param lifetime - on an edge runtime that ends work with its request, what keeps it alive: the `ctx` of the request,
 * or `{ waitUntil }`. Not needed on Cloudflare Workers
 * @throws `AuthorizationError`: when the request is rejected, if `onRefusal` is `throw`
 * @throws `Error`: what a requirement function or a check has thrown
 * @group Types for the compiler
 */
export type Gate<Result> = (request: Request, lifetime?: RequestLifetime) => Promise<Result>

/** The answer of a gate, unless it throws instead. */
export type RefusalOf<Options extends RefusalOptions> = Options extends { readonly onRefusal: 'throw' }
  ? never
  : Response

/**
 * Creates a gate that allows requests with a valid token that meet the requirement, and rejects all others.
 *
 * @param auth - from `createZitadelAuth`
 * @param given - the requirement: `true` for a valid token, an object, or a function of the request. Default: `true`.
 * Then the options: with `onRefusal: 'throw'` the gate throws the `AuthorizationError` of a rejected request instead of
 * returning a `Response`
 * @throws `TypeError`: at startup, when a requirement is given and is `undefined`, empty or malformed, when no token
 * can meet it, when an option is unknown, or when `auth` is not a ZitadelAuth
 *
 * @example
 * ```ts
 * import { requireAuthorization } from '@org/zitadel-auth-fetch'
 *
 * const gate = requireAuthorization(auth, { role: 'admin' })
 *
 * export async function handle(request: Request): Promise<Response> {
 *   const authorization = await gate(request)
 *   if (authorization instanceof Response) return authorization
 *   return Response.json({ userId: authorization.userId })
 * }
 * ```
 */
export function requireAuthorization<Types extends AuthTypes, const Options extends RefusalOptions = RefusalOptions>(
  auth: ZitadelAuth<Types>,
  ...given: GuardArguments<RequestRequirement<Request, RoleOf<Types>>, Options>
): Gate<AuthorizationContext<RoleOf<Types>> | RefusalOf<Options>> {
  return createGate(auth, createGuard(auth, 'required', given), given[1])
}

/**
 * Creates a gate that allows requests without credentials too, and returns undefined for them. Invalid credentials are
 * rejected.
 *
 * @param auth - from `createZitadelAuth`
 * @param given - what a request with credentials needs, and the options, as in {@link requireAuthorization}
 * @throws `TypeError`: at startup, as {@link requireAuthorization} does
 *
 * @example
 * ```ts
 * import { optionalAuthorization } from '@org/zitadel-auth-fetch'
 *
 * const gate = optionalAuthorization(auth)
 *
 * export async function handle(request: Request): Promise<Response> {
 *   const authorization = await gate(request)
 *   if (authorization instanceof Response) return authorization
 *   return new Response(`Hello ${authorization?.username ?? 'stranger'}`)
 * }
 * ```
 */
export function optionalAuthorization<Types extends AuthTypes, const Options extends RefusalOptions = RefusalOptions>(
  auth: ZitadelAuth<Types>,
  ...given: GuardArguments<RequestRequirement<Request, RoleOf<Types>>, Options>
): Gate<AuthorizationContext<RoleOf<Types>> | undefined | RefusalOf<Options>> {
  return createGate(auth, createGuard(auth, 'optional', given), given[1])
}

function createGate<Result>(auth: Refuser, guard: Guard<Request>, options: RefusalOptions | undefined): Gate<Result> {
  const { onRefusal } = readRefusalOptions(options)
  return async (request, lifetime) => {
    try {
      const authorization = await decide(guard, request, lifetime)
      return authorization as Result
    } catch (error) {
      if (onRefusal === 'throw') throw error
      return respond(auth, error, request) as Result
    }
  }
}

/** Lets a request pass, and remembers who makes it. */
export async function decide<Incoming extends Request>(
  guard: Guard<Incoming>,
  request: Incoming,
  lifetime: RequestLifetime | undefined,
): Promise<AuthorizationContext | undefined> {
  const header = readAuthorizationHeader(request)
  const authorization = guard.recall(header) ?? (await outlive(guard.admit(header, request), lifetime))
  setPassage(request, { authorization })
  return authorization
}
