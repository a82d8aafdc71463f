import { AuthorizationError, challengeFor } from '../errors/authorization-error.js'
import { toError } from '../internal/thrown.js'
import { type AuthorizationContext, findSource } from './context.js'
import { findUnmet } from './find-unmet.js'
import { type Requirement, readRequirement } from './requirement.js'

/**
 * Checks that a context meets a requirement, and throws if not. It is synchronous, so that a forgotten `await` lets
 * nobody in. It checks the given context only; {@link ZitadelAuth.authorize} asks ZITADEL again before it rejects.
 *
 * @typeParam Role - the names of the roles, if they are declared
 * @param context - who makes the request
 * @param requirement - what they need
 * @throws `AuthorizationError`: `ERR_PERMISSION_DENIED` or `ERR_AUTHENTICATION_INSUFFICIENT` when the requirement is
 * not met, `ERR_CONFIGURATION` when it needs a scope and the token was verified as a JWT, which has none
 * @throws `TypeError`: when the requirement is missing, empty or malformed, or its `check` is asynchronous
 *
 * @example
 * ```ts
 * import { authorize } from '@org/zitadel-auth'
 * import { getAuthorization, requireAuthorization } from '@org/zitadel-auth-express'
 *
 * app.delete('/tasks/:id', requireAuthorization(auth), (req, res) => {
 *   authorize(getAuthorization(req), { role: 'admin' })
 *   res.sendStatus(204)
 * })
 * ```
 */
export function authorize<Role extends string>(
  context: AuthorizationContext<Role>,
  requirement: Requirement<NoInfer<Role>>,
): void {
  const read = readRequirement(requirement)
  try {
    judge(context, read)
  } catch (error) {
    throw challengeFor(findSource(context)?.resource, error)
  }
}

function judge(context: AuthorizationContext, requirement: Requirement): void {
  const problem = findUnmet(context, requirement)
  if (problem !== undefined) throw problem
  if (requirement.check === undefined) return
  const verdict = runCheck(requirement.check, context)
  if (isThenable(verdict)) {
    // Its rejection has nobody else to go to, and would end the process.
    verdict.then(undefined, () => {})
    throw new TypeError('authorize() takes a synchronous check: use auth.authorize(context, requirement) for this one')
  }
  requireVerdict(verdict)
}

/**
 * Does what {@link authorize} does, and awaits the requirement's `check`.
 *
 * @param requirement - what they need, as {@link readRequirement} gives it
 * @throws `AuthorizationError`: what {@link authorize} throws
 */
export async function authorizeAsync(context: AuthorizationContext, requirement: Requirement): Promise<void> {
  const problem = findUnmet(context, requirement)
  if (problem !== undefined) throw problem
  if (requirement.check !== undefined) requireVerdict(await requirement.check(context))
}

function runCheck<Verdict>(check: (context: AuthorizationContext) => Verdict, context: AuthorizationContext): Verdict {
  try {
    return check(context)
  } catch (thrown) {
    throw toError(thrown, 'the check of a requirement')
  }
}

function requireVerdict(verdict: unknown): void {
  if (verdict === true) return
  const unmetRequirement = 'requirement not met'
  throw new AuthorizationError('ERR_PERMISSION_DENIED', 'the check of the requirement did not give true', {
    unmetRequirement,
  })
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}
