import { AuthorizationError } from '../errors.js'
import { toError } from '../internal/thrown.js'
import type { AuthorizationContext, RoleCheckOptions } from './context.js'
import { type Requirement, readRequirement } from './requirement.js'

/**
 * Lets a context pass that meets a requirement. Synchronous on purpose: a forgotten `await` must not let anyone in.
 * It judges the context as it is; `authenticate(header, requirement)` also asks ZITADEL again before it refuses.
 *
 * @param context - who makes the request
 * @param requirement - what they need
 * @throws {AuthorizationError} `ERR_PERMISSION_DENIED` when the requirement is not met, `ERR_CONFIGURATION` when it asks
 * for a scope and the token was verified as a JWT, which has none
 * @throws {TypeError} when the requirement is empty or malformed, or its `check` is asynchronous
 */
export function authorize<Role extends string>(
  context: AuthorizationContext<Role>,
  requirement: Requirement<NoInfer<Role>>,
): void {
  const read = readRequirement(requirement)
  const problem = findUnmet(context, read)
  if (problem !== undefined) throw problem
  if (read.check === undefined) return
  const verdict = runCheck(read.check, context)
  if (isThenable(verdict)) {
    // Its rejection has nobody else to go to, and would end the process.
    verdict.then(undefined, () => {})
    throw new TypeError('authorize() takes a synchronous check: use authenticate(header, requirement) for this one')
  }
  requireVerdict(verdict)
}

/**
 * Does what {@link authorize} does, and awaits the requirement's `check`.
 *
 * @throws {AuthorizationError} `ERR_PERMISSION_DENIED` when the requirement is not met
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
  if (verdict !== true) throw denied('requirement not met')
}

function findUnmet(context: AuthorizationContext, requirement: Requirement): AuthorizationError | undefined {
  const scopes = toList(requirement.scope)
  const clients = toList(requirement.clientId)
  const unmet = findUnmetRole(context, requirement)
  if (unmet !== undefined) return denied(unmet)
  if (scopes.length > 0 && context.verifiedBy === 'jwt') return scopesUnknown()
  const missingScopes = scopes.filter((scope) => !context.scopes.includes(scope))
  if (missingScopes.length > 0) return denied(`missing required ${nameAll('scope', missingScopes)}`, scopes)
  if (clients.length > 0 && !clients.some((client) => client === context.clientId))
    return denied('client is not allowed')
  if (requirement.allowImpersonation === false && context.actor !== undefined)
    return denied('impersonation is not allowed')
  return undefined
}

function findUnmetRole(context: AuthorizationContext, requirement: Requirement): string | undefined {
  const where = toRoleCheckOptions(requirement)
  const { role, anyRole = [], allRoles = [] } = requirement
  const needed = role === undefined ? allRoles : [role, ...allRoles]
  const missing = needed.filter((name) => !context.isGrantedRole(name, where))
  if (missing.length > 0) return `missing required ${nameAll('role', missing)}`
  if (anyRole.length > 0 && !anyRole.some((name) => context.isGrantedRole(name, where))) {
    return `missing one of the required ${nameAll('role', anyRole)}`
  }
  return undefined
}

function toRoleCheckOptions({ inOrganization, inProject }: Requirement): RoleCheckOptions {
  return {
    ...(inOrganization === undefined ? {} : { organizationId: inOrganization }),
    ...(inProject === undefined ? {} : { projectId: inProject }),
  }
}

function nameAll(noun: string, names: readonly string[]): string {
  return `${names.length === 1 ? noun : `${noun}s`}: ${names.map((name) => `\`${name}\``).join(', ')}`
}

/** `readRequirement` has made lists of single texts. */
function toList(value: string | readonly string[] | undefined): readonly string[] {
  return (value ?? []) as readonly string[]
}

function denied(message: string, requiredScopes?: readonly string[]): AuthorizationError {
  return new AuthorizationError('ERR_PERMISSION_DENIED', message, { requiredScopes })
}

/** That a JWT names no scope does not mean that it has none, and certainly not that it has all. */
/** What is wrong, and what to do about it. */
export const scopeOfJwt = "a requirement asks for a scope, and a JWT of ZITADEL has none: use verification: 'auto'"

function scopesUnknown(): AuthorizationError {
  return new AuthorizationError('ERR_CONFIGURATION', `${scopeOfJwt} and authenticate(header, requirement)`)
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}
