import type { AuthorizationContext } from '../authorization/context.js'
import type { LazyRequirement, RequestRequirement, RequirementChoice } from '../authorization/requirement-choice.js'
import { toError } from '../internal/thrown.js'
import type { AuthorizationHeader } from '../request/bearer-token.js'
import type { AuthTypes, RoleOf, ZitadelAuth } from '../zitadel-auth.js'

/**
 * What stands between a framework and the handler of a route: gives the context of a request, undefined for an anonymous one
 * where that is allowed, and rejects with the error to answer.
 *
 * @typeParam Request - the framework's request, for requirements that are functions of it
 */
export type Guard<Request> = (
  header: AuthorizationHeader,
  request: Request,
) => Promise<AuthorizationContext | undefined>

/** Whether a request must bring credentials. Bad ones are refused in either case. */
export type GuardKind = 'required' | 'optional'

/** What follows `auth` in the call of an adapter: nothing, or a requirement and perhaps options. */
export type GuardArguments<Requirement, Options> = readonly [] | readonly [requirement: Requirement, options?: Options]

/**
 * Makes the guard of a route, for those who write an adapter. Everything that can be wrong with a requirement is found now,
 * and not at the first request.
 *
 * @param auth - from `createZitadelAuth`
 * @param kind - whether credentials may be missing
 * @param given - the requirement in a list, or an empty list for every good token: what is given and `undefined`, such as a
 * misspelt member of an object of requirements, must not mean that
 * @throws {TypeError} when `auth` is none, or the requirement is missing, empty, malformed, or one that no token can meet in
 * this mode of verification
 */
export function createGuard<Request, Types extends AuthTypes = AuthTypes>(
  auth: ZitadelAuth<Types>,
  kind: GuardKind,
  given: readonly unknown[],
): Guard<Request> {
  requireAuth(auth)
  const authenticate = authenticators[kind](auth as unknown as ZitadelAuth)
  const requirement = (given.length === 0 ? true : given[0]) as RequestRequirement<Request>
  if (typeof requirement === 'function') {
    return (header, request) => authenticate(header, () => requirement(request))
  }
  const required = auth.readRequirement(requirement as RequirementChoice<RoleOf<Types>>) as RequirementChoice
  return (header) => authenticate(header, required)
}

type Authenticate = (
  header: AuthorizationHeader,
  requirement: LazyRequirement,
) => Promise<AuthorizationContext | undefined>

const authenticators: Readonly<Record<GuardKind, (auth: ZitadelAuth) => Authenticate>> = {
  required: (auth) => (header, requirement) => auth.authenticate(header, requirement).catch(throwError),
  optional: (auth) => (header, requirement) => auth.authenticateOptional(header, requirement).catch(throwError),
}

/** Frameworks go on where there is no error, and some to other handlers where it is a word. */
function throwError(thrown: unknown): never {
  throw toError(thrown, 'the authorization of a request')
}

const functions = ['authenticate', 'authenticateOptional', 'readRequirement', 'refusal'] as const

function requireAuth(auth: object): void {
  const members = Object(auth) as Readonly<Record<string, unknown>>
  if (functions.every((name) => typeof members[name] === 'function')) return
  throw new TypeError('the first argument is not a ZitadelAuth: give what createZitadelAuth({ … }) returns')
}
