import type { AuthorizationContext } from '../authorization/context.js'
import type { LazyRequirement, RequestRequirement, RequirementChoice } from '../authorization/requirement-choice.js'
import { toError } from '../internal/thrown.js'
import type { AuthorizationHeader } from '../request/bearer-token.js'
import type { AuthTypes, RoleOf, ZitadelAuth } from '../zitadel-auth.js'
import { findRecall } from './recall.js'
import { requireAuth } from './require-auth.js'

/**
 * What stands between a framework and the handler of a route.
 *
 * @typeParam Request - the framework's request, for requirements that are functions of it
 */
export interface Guard<Request> {
  /**
   * Gives the context of a request whose token is cached, in the same turn. Undefined decides nothing: then `admit` does.
   *
   * @param header - the `Authorization` header
   */
  recall(header: AuthorizationHeader): AuthorizationContext | undefined
  /**
   * Decides over a request.
   *
   * @param header - the `Authorization` header
   * @param request - for requirements that are functions of it
   * @returns the context; undefined for an anonymous request where that is allowed
   * @throws what is to be answered, always an `Error`
   */
  admit(header: AuthorizationHeader, request: Request): Promise<AuthorizationContext | undefined>
}

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
  // Looked up at every request, since tests and tools for tracing replace it.
  const name = kind === 'required' ? 'authenticate' : 'authenticateOptional'
  const authenticate = (header: AuthorizationHeader, requirement: LazyRequirement) =>
    (auth as unknown as ZitadelAuth)[name](header, requirement).catch(throwError)

  const requirement = (given.length === 0 ? true : given[0]) as RequestRequirement<Request>
  if (typeof requirement === 'function') {
    return {
      recall: () => undefined,
      admit: (header, request) => authenticate(header, () => requirement(request)),
    }
  }
  const required = auth.readRequirement(requirement as RequirementChoice<RoleOf<Types>>) as RequirementChoice
  return {
    recall: (header) => findRecall(auth[name])?.(header, required),
    admit: (header) => authenticate(header, required),
  }
}

/** Frameworks go on where there is no error, and some to other handlers where it is a word. */
function throwError(thrown: unknown): never {
  throw toError(thrown, 'the authorization of a request')
}
