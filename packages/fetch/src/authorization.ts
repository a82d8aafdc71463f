import { type AuthorizationContext, authorize as authorizeContext, type Requirement } from '@org/zitadel-auth'
import { findPassage } from './passage.js'

/**
 * Gives the context of a request that a gate of `requireAuthorization`, or `protect`, let pass: for code that has the request
 * and not what the gate gave.
 *
 * ```ts
 * const { userId } = getAuthorization(request)
 * ```
 *
 * @typeParam Role - the names of the roles, where they are declared
 * @param request - the same object that the gate got: not a clone, nor a request that was made of it
 * @throws {TypeError} when no gate let it pass, or let it pass as an anonymous one
 */
export function getAuthorization<Role extends string = string>(request: Request): AuthorizationContext<Role> {
  const context = findPassage(request)?.authorization
  if (context !== undefined) return context as AuthorizationContext<Role>
  throw new TypeError(
    'getAuthorization(request) of a request that is not protected: give it to the gate of requireAuthorization(auth) first, and the same object here, not a copy',
  )
}

/**
 * Gives the context of a request that a gate of `optionalAuthorization` let pass, and undefined for an anonymous one.
 *
 * @typeParam Role - the names of the roles, where they are declared
 * @param request - the same object that the gate got: not a clone, nor a request that was made of it
 * @throws {TypeError} when no gate let it pass: a copy of a request would otherwise be an anonymous one
 */
export function getOptionalAuthorization<Role extends string = string>(
  request: Request,
): AuthorizationContext<Role> | undefined {
  const passage = findPassage(request)
  if (passage !== undefined) return passage.authorization as AuthorizationContext<Role> | undefined
  throw new TypeError(
    'getOptionalAuthorization(request) of a request that no gate has seen: give it to the gate of optionalAuthorization(auth) first, and the same object here, not a copy',
  )
}

/**
 * Lets a request pass that meets a requirement. Synchronous, like the `authorize` of `@org/zitadel-auth`.
 *
 * @param request - one that a gate let pass
 * @param requirement - what it must bring
 * @throws {AuthorizationError} `ERR_PERMISSION_DENIED` when the requirement is not met: `protect` answers it, and elsewhere
 * `refuse` gives the answer
 * @throws {TypeError} when no gate let the request pass, or the requirement is empty or malformed
 */
export function authorize<Role extends string = string>(request: Request, requirement: Requirement<Role>): void {
  authorizeContext(getAuthorization(request), requirement as Requirement)
}
