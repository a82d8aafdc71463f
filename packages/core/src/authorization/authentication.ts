import { AuthorizationError } from '../errors/authorization-error.js'
import { systemClock } from '../internal/clock.js'
import type { JsonObject } from '../internal/json.js'
import { clockToleranceSeconds } from '../verification/clock-tolerance.js'
import { type AuthorizationContext, findSource } from './context.js'
import { nameAll, toList } from './lists.js'
import type { Requirement } from './requirement.js'

/** What is wrong, and what to do about it. */
export const authenticationOfJwt =
  "a requirement asks when or how the user has authenticated, and a JWT of ZITADEL does not say: use verification: 'auto'"

/** RFC 9470 has no parameter for methods, and ZITADEL looks at none of those that it has. */
const logInAgain =
  "the client must start a new login, with prompt=login: ZITADEL's own login page looks at no acr_values"

/**
 * Finds out whether the user has authenticated as a requirement asks.
 *
 * @returns the error to throw, or undefined where it is met, or asks for nothing of this kind
 */
export function examineAuthentication(
  context: AuthorizationContext,
  requirement: Requirement,
): AuthorizationError | undefined {
  const { maxAgeSeconds } = requirement
  const needed = toList(requirement.amr)
  if (maxAgeSeconds === undefined && needed.length === 0) return undefined
  if (context.verifiedBy === 'jwt') {
    return new AuthorizationError('ERR_CONFIGURATION', `${authenticationOfJwt} and authenticate(header, requirement)`)
  }
  const { atSeconds, methods } = readAuthentication(context.claims)
  const ageSeconds = (findSource(context)?.clock ?? systemClock).now() / 1_000 - (atSeconds ?? Number.NaN)
  const isRecent = maxAgeSeconds === undefined || (ageSeconds <= maxAgeSeconds && ageSeconds >= -clockToleranceSeconds)
  const missing = needed.filter((method) => !methods.includes(method))
  if (isRecent && missing.length === 0) return undefined
  const unmetRequirement = isRecent
    ? `log in again, with ${nameAll('method', missing)}`
    : `log in again, the last login must not be older than ${maxAgeSeconds} seconds`
  const hint =
    atSeconds === undefined ? `ZITADEL does not say when the user has authenticated, and ${logInAgain}` : logInAgain
  return new AuthorizationError('ERR_AUTHENTICATION_INSUFFICIENT', `${unmetRequirement}: ${hint}`, {
    unmetRequirement,
    maxAgeSeconds,
  })
}

/** When and how the user of a token has authenticated, as far as ZITADEL says. */
interface Authentication {
  /** In seconds since 1970; undefined where ZITADEL does not say, as of a personal access token. */
  readonly atSeconds: number | undefined
  /** Empty where ZITADEL does not say. */
  readonly methods: readonly unknown[]
}

/**
 * Reads when and how a user has authenticated. What does not read says nothing.
 *
 * @see [RFC 9470 section 6.2](https://www.rfc-editor.org/rfc/rfc9470.html#section-6.2), and
 * [RFC 8176](https://www.rfc-editor.org/rfc/rfc8176.html) for the methods
 */
function readAuthentication({ auth_time: time, amr }: JsonObject): Authentication {
  return { atSeconds: Number.isFinite(time) ? (time as number) : undefined, methods: Array.isArray(amr) ? amr : [] }
}
