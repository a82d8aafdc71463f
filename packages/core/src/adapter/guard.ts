import type { AuthorizationContext } from '../authorization/context.js'
import type { LazyRequirement, RequestRequirement, RequirementChoice } from '../authorization/requirement-choice.js'
import { toError } from '../internal/thrown.js'
import type { AuthorizationHeader } from '../request/bearer-token.js'
import type { AuthTypes, RoleOf, ZitadelAuth } from '../zitadel-auth.js'
import { findRecall } from './recall.js'
import { requireAuth } from './require-auth.js'

/**
 * What decides about a request before the handler of a route runs.
 *
 * @typeParam Request - the framework's request, for requirements that are functions of it
 */
export interface Guard<Request> {
  /**
   * Returns the context of a request whose token is cached, synchronously. Undefined means nothing yet: call
   * {@link Guard.admit}.
   *
   * @param header - the `Authorization` header
   */
  recall(header: AuthorizationHeader): AuthorizationContext | undefined
  /**
   * Allows or rejects a request.
   *
   * @param header - the `Authorization` header
   * @param request - for requirements that are functions of it
   * @returns the context; undefined for an anonymous request, if credentials are optional
   * @throws `AuthorizationError`: when the request is rejected
   * @throws `TypeError`: when a function returns a requirement that is malformed
   * @throws `Error`: what a requirement function or a check has thrown
   */
  admit(header: AuthorizationHeader, request: Request): Promise<AuthorizationContext | undefined>
}

/** Whether a request must have credentials. Invalid ones are always rejected. */
export type GuardKind = 'required' | 'optional'

/**
 * What follows `auth` in the functions of an adapter: nothing, or a requirement and perhaps options.
 *
 * @group Types for the compiler
 */
export type GuardArguments<Requirement, Options> = readonly [] | readonly [requirement: Requirement, options?: Options]

/**
 * Creates the guard of a route. Checks the requirement now rather than at the first request.
 *
 * @typeParam Request - the framework's request, for requirements that are functions of it
 * @param auth - from `createZitadelAuth`
 * @param kind - whether credentials are required
 * @param given - the requirement in a list, or an empty list for any valid token. In a list, since an `undefined`, as
 * from a misspelled member of an object of requirements, must not mean any valid token
 * @throws `TypeError`: when `auth` is not a ZitadelAuth, the requirement is missing, empty or malformed, or no token
 * can meet it in this mode of verification
 *
 * @example
 * ```ts
 * import { readAuthorizationHeader } from '@org/zitadel-auth'
 * import { createGuard } from '@org/zitadel-auth/adapter'
 *
 * const guard = createGuard<Request>(auth, 'required', [{ role: 'admin' }])
 *
 * export async function handle(request: Request): Promise<Response> {
 *   const header = readAuthorizationHeader(request)
 *   const context = guard.recall(header) ?? (await guard.admit(header, request))
 *   return Response.json({ userId: context?.userId })
 * }
 * ```
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
