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
 * Decides over requests: gives who makes one, or the answer to one that is refused.
 *
 * @param request - the request, of any runtime
 * @param lifetime - on an edge runtime that ends work with its request, what keeps it from that: the `ctx` of the request, or
 * `{ waitUntil }`. Workers of Cloudflare need none
 * @throws what is no refusal: the error of a function that gives the requirement, or of a check
 */
export type Gate<Result> = (request: Request, lifetime?: RequestLifetime) => Promise<Result>

/** The answer of a gate, unless it throws instead. */
export type RefusalOf<Options extends RefusalOptions> = Options extends { readonly onRefusal: 'throw' }
  ? never
  : Response

/**
 * Makes a gate that lets requests with a good token pass, and of those the ones that meet the requirement.
 *
 * ```ts
 * const gate = requireAuthorization(auth, { role: 'admin' })
 *
 * const authorization = await gate(request)
 * if (authorization instanceof Response) return authorization
 * ```
 *
 * @param auth - from `createZitadelAuth`
 * @param given - the requirement: `true`, an object, or a function of the request; default: `true`. Then the options:
 * `onRefusal: 'throw'` throws the `AuthorizationError` of a refused request, in the place of a `Response`
 * @throws {TypeError} at start-up, when the requirement is given and `undefined`, empty, malformed or one that no token can
 * meet, or an option is unknown
 */
export function requireAuthorization<Types extends AuthTypes, const Options extends RefusalOptions = RefusalOptions>(
  auth: ZitadelAuth<Types>,
  ...given: GuardArguments<RequestRequirement<Request, RoleOf<Types>>, Options>
): Gate<AuthorizationContext<RoleOf<Types>> | RefusalOf<Options>> {
  return createGate(auth, createGuard(auth, 'required', given), given[1])
}

/**
 * Makes a gate that lets requests without credentials pass too, and gives undefined for them. Bad credentials are refused.
 *
 * @param auth - from `createZitadelAuth`
 * @param given - what a request with credentials must bring, and the options, as {@link requireAuthorization} takes them
 * @throws {TypeError} at start-up, as {@link requireAuthorization} does
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
