import type { AuthorizationError, AuthorizationErrorCode } from '../errors.js'

/** What one error code means in HTTP. */
export interface Meaning {
  readonly status: 400 | 401 | 403 | 500 | 503
  /** The first words of the answer. */
  readonly summary: string
  /** What the client reads after them. Fixed, or the requirement that was not met: never a token, a claim or an upstream text. */
  readonly detail: string | 'requirement' | undefined
  /** The `error` of the Bearer challenge; `none` for a challenge without one, undefined where no challenge helps. */
  readonly challenge?: 'none' | 'invalid_request' | 'invalid_token' | 'insufficient_scope'
}

/** A 503 always says when to come back. */
const defaultRetryAfterSeconds = 5

const unavailable: Meaning = {
  status: 503,
  summary: 'service unavailable',
  detail: 'the token cannot be verified right now',
}

/**
 * The one table from outcome to HTTP.
 *
 * @see [RFC 6750 section 3.1](https://www.rfc-editor.org/rfc/rfc6750.html#section-3.1): the codes of a challenge, and
 * that a request without credentials gets none
 */
export const meanings: Readonly<Record<AuthorizationErrorCode, Meaning>> = {
  ERR_TOKEN_MISSING: {
    status: 401,
    summary: 'unauthorized',
    detail: 'authorization header is empty',
    challenge: 'none',
  },
  ERR_SCHEME_UNSUPPORTED: {
    status: 401,
    summary: 'unauthorized',
    detail: 'authorization scheme is not Bearer',
    challenge: 'none',
  },
  ERR_REQUEST_MALFORMED: {
    status: 400,
    summary: 'bad request',
    detail: 'authorization header is malformed',
    challenge: 'invalid_request',
  },
  ERR_TOKEN_INVALID: {
    status: 401,
    summary: 'unauthorized',
    detail: 'token is invalid or has expired',
    challenge: 'invalid_token',
  },
  ERR_PERMISSION_DENIED: {
    status: 403,
    summary: 'permission denied',
    detail: 'requirement',
    challenge: 'insufficient_scope',
  },
  ERR_PROVIDER_UNAVAILABLE: unavailable,
  ERR_PROVIDER_NOT_FOUND: unavailable,
  ERR_CONFIGURATION: { status: 500, summary: 'internal server error', detail: undefined },
}

/** The headers that tell a client how to do better: `WWW-Authenticate`, or `Retry-After`, or none. */
export function challengeFor(
  error: Pick<AuthorizationError, 'code' | 'retryAfterSeconds' | 'requiredScopes'>,
): Readonly<Record<string, string>> {
  const { challenge, status } = meanings[error.code]
  if (challenge !== undefined) return { 'WWW-Authenticate': toBearerChallenge(challenge, error.requiredScopes) }
  if (status === 503) return { 'Retry-After': String(error.retryAfterSeconds ?? defaultRetryAfterSeconds) }
  return {}
}

function toBearerChallenge(error: NonNullable<Meaning['challenge']>, scopes: readonly string[]): string {
  if (error === 'none') return 'Bearer'
  const scope = scopes.length > 0 ? `, scope=${toQuotedString(scopes.join(' '))}` : ''
  return `Bearer error=${toQuotedString(error)}${scope}`
}

/** Quotes any string for a header: what a header can't hold becomes a space, so that a scope never breaks the answer. */
function toQuotedString(text: string): string {
  return `"${text.replace(/[^\x20-\x7e]/g, ' ').replace(/["\\]/g, '\\$&')}"`
}
