import { challengeFor, meanings } from './response/meanings.js'

/** Why a request was refused. The table `meanings` gives each code its meaning in HTTP, and the compiler keeps the two in step. */
export type AuthorizationErrorCode =
  /** The request has no credentials. */
  | 'ERR_TOKEN_MISSING'
  /** The credentials are of another scheme than Bearer. */
  | 'ERR_SCHEME_UNSUPPORTED'
  /** The credentials are malformed, repeated or too long. */
  | 'ERR_REQUEST_MALFORMED'
  /** The token is not active, has expired, is meant for another API, or its claims do not read. */
  | 'ERR_TOKEN_INVALID'
  /** The token is good, but does not meet the requirement. */
  | 'ERR_PERMISSION_DENIED'
  /** ZITADEL did not answer in time, or answered that it can't. */
  | 'ERR_PROVIDER_UNAVAILABLE'
  /** The name of ZITADEL's host does not resolve. */
  | 'ERR_PROVIDER_NOT_FOUND'
  /** ZITADEL refuses this API's own credentials, or the configured domain is not that ZITADEL. */
  | 'ERR_CONFIGURATION'

/** What an {@link AuthorizationError} may carry beside its code and message. */
export interface AuthorizationErrorOptions {
  /** What made this error happen. */
  readonly cause?: unknown
  /** After how many seconds another try makes sense, where ZITADEL has said so. */
  readonly retryAfterSeconds?: number | undefined
  /** The scopes that a refused request would have needed. */
  readonly requiredScopes?: readonly string[] | undefined
}

// Not instanceof: an application may hold an ESM and a CommonJS copy of this package.
const brand = Symbol.for('@org/zitadel-auth/AuthorizationError')

/**
 * The one error of this library for a refused request.
 *
 * `message` is for the developer of the API and says precisely what was wrong; the client gets the fixed text of
 * {@link ZitadelAuth.refusal}. Neither holds a token, a key or the value of a claim. `status`, `statusCode`, `expose` and
 * `headers` are where Express, Koa and Fastify look for them.
 */
export class AuthorizationError extends Error {
  /** The reason, for programs. */
  readonly code: AuthorizationErrorCode
  /** After how many seconds another try makes sense; undefined where nobody knows, and the answer says 5 if it is 503. */
  readonly retryAfterSeconds: number | undefined
  /** The scopes that the request would have needed; empty where the refusal is about something else. */
  readonly requiredScopes: readonly string[]

  /** The HTTP status that answers this error. Frameworks may set it, so it can be. */
  status: number
  /** The same as `status`, under the name Fastify reads. */
  statusCode: number
  /** Whether the message is about the client's request (4xx), as opposed to this API and its ZITADEL (5xx). */
  expose: boolean
  /** The headers that belong to the answer: `WWW-Authenticate` or `Retry-After`. */
  headers: Readonly<Record<string, string>>

  /**
   * @param code - the reason, for programs
   * @param message - the reason, for the developer of the API
   * @param options - cause, and what the answer to the client needs
   */
  constructor(code: AuthorizationErrorCode, message: string, options: AuthorizationErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined)
    this.code = code
    this.retryAfterSeconds = options.retryAfterSeconds
    this.requiredScopes = options.requiredScopes ?? []
    this.status = meanings[code].status
    this.statusCode = this.status
    this.expose = this.status < 500
    this.headers = challengeFor(this)
  }

  /** Always `AuthorizationError`. */
  override get name(): 'AuthorizationError' {
    return 'AuthorizationError'
  }

  /** Marks the error for {@link isAuthorizationError}. */
  get [brand](): true {
    return true
  }
}

/**
 * Tells whether a caught value is an {@link AuthorizationError}, also one made by another copy of this package.
 *
 * @param value - anything that was thrown
 */
export function isAuthorizationError(value: unknown): value is AuthorizationError {
  return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[brand] === true
}
