import { type ErrorCause, toErrorCause } from './cause.js'
import { type ChallengingResource, toChallenge } from './challenge.js'
import type { AuthorizationErrorCode } from './code.js'
import { meanings, toClientText, toMeaning } from './meanings.js'

/** What an {@link AuthorizationError} may carry beside its code and reason. */
export interface AuthorizationErrorOptions {
  /** What made this error happen. Only its name and its code are kept. */
  readonly cause?: unknown
  /** After how many seconds another try makes sense, where ZITADEL has said so. */
  readonly retryAfterSeconds?: number | undefined
  /** The scopes that a refused request would have needed. */
  readonly requiredScopes?: readonly string[] | undefined
  /** How old the authentication of the user may be, where it was too old. */
  readonly maxAgeSeconds?: number | undefined
  /**
   * The requirement that was not met, in words that the client may read. Only `ERR_PERMISSION_DENIED` and
   * `ERR_AUTHENTICATION_INSUFFICIENT` tell them.
   */
  readonly unmetRequirement?: string | undefined
}

// Not instanceof: an application may hold an ESM and a CommonJS copy of this package.
const brand = Symbol.for('@org/zitadel-auth/AuthorizationError')

/** What `console.error` and `util.inspect` call, under its registered name: this file needs nothing of Node.js. */
const inspectSymbol = Symbol.for('nodejs.util.inspect.custom')

/**
 * The one error of this library for a refused request.
 *
 * `message` is the fixed text that the client may read, so that an error handler that sends it tells nobody anything.
 * `reason` is for the developer of the API, says precisely what was wrong, and is shown by `console.error` and in the logs
 * of pino. Neither holds a token, a key or the value of a claim. `status`, `statusCode`, `expose` and `headers` are where
 * Express, Koa and Fastify look for them.
 */
export class AuthorizationError extends Error {
  /** The reason, for programs. */
  readonly code: AuthorizationErrorCode
  /** After how many seconds another try makes sense; undefined where nobody knows, and the answer says 5 if it is 503. */
  readonly retryAfterSeconds: number | undefined
  /** The scopes that the request would have needed; empty where the refusal is about something else. */
  readonly requiredScopes: readonly string[]
  /** How old the authentication of the user may be, in seconds; undefined where the refusal is about something else. */
  readonly maxAgeSeconds: number | undefined
  /** The requirement that was not met, as the client reads it; undefined where the refusal is about something else. */
  readonly unmetRequirement: string | undefined
  /** Name and code of what made this error happen, where something did. */
  declare readonly cause?: ErrorCause

  /** The HTTP status that answers this error. Frameworks may set it, so it can be. */
  status: number
  /** The same as `status`, under the name Fastify reads. */
  statusCode: number
  /** Whether the error is about the client's request (4xx), as opposed to this API and its ZITADEL (5xx). */
  expose: boolean
  /** The headers that belong to the answer: `WWW-Authenticate` or `Retry-After`, and what comes with them. */
  headers: Readonly<Record<string, string>>

  readonly #reason: string

  /**
   * @param code - the reason, for programs
   * @param reason - the reason, for the developer of the API
   * @param options - cause, and what the answer to the client needs
   */
  constructor(code: AuthorizationErrorCode, reason: string, options: AuthorizationErrorOptions = {}) {
    const { cause, retryAfterSeconds, requiredScopes = [], maxAgeSeconds, unmetRequirement } = options
    const meaning = meanings[code]
    super(
      toClientText(meaning, unmetRequirement).text,
      cause === undefined ? undefined : { cause: toErrorCause(cause) },
    )
    this.code = code
    this.retryAfterSeconds = retryAfterSeconds
    this.requiredScopes = requiredScopes
    this.maxAgeSeconds = maxAgeSeconds
    this.unmetRequirement = unmetRequirement
    this.status = meaning.status
    this.statusCode = this.status
    this.expose = this.status < 500
    this.headers = toChallenge(meaning, this)
    this.#reason = reason
  }

  /** Always `AuthorizationError`. */
  override get name(): 'AuthorizationError' {
    return 'AuthorizationError'
  }

  /** What was wrong, for the developer of the API. The client must not see it: it may name hosts and settings. */
  get reason(): string {
    return this.#reason
  }

  /** Marks the error for {@link isAuthorizationError}. */
  get [brand](): true {
    return true
  }

  /** What `util.inspect` and `console.error` show: the stack, the reason, and what else there is. */
  [inspectSymbol](_depth: number, options: object, show: (value: unknown, options: object) => string): string {
    // Without its own inspection, which would come back here.
    const cause = this.cause === undefined ? undefined : { cause: this.cause }
    const shown = Object.assign(new Error(this.message, cause), { ...this, reason: this.reason })
    return show(Object.defineProperty(shown, 'stack', { value: this.stack, enumerable: false }), options)
  }
}

// Enumerable where it is inherited: loggers that follow `for … in`, as pino's does, write it; JSON and a spread, which an
// error handler may send to the client, leave it out.
Object.defineProperty(AuthorizationError.prototype, 'reason', { enumerable: true })

/**
 * Tells whether a caught value is an {@link AuthorizationError}, also one made by another copy of this package.
 *
 * @param value - anything that was thrown
 */
export function isAuthorizationError(value: unknown): value is AuthorizationError {
  return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[brand] === true
}

/**
 * Makes another error that says the same. Handlers write on the errors they get: whoever waited for one answer together
 * with others must not find a stranger's request id on it.
 */
export function copyAuthorizationError(error: AuthorizationError): AuthorizationError {
  const copy = new AuthorizationError(error.code, error.reason, error)
  return isOverload(error) ? markOverload(copy) : copy
}

/** Errors whose headers speak of the resource of whoever has let them out first. */
const challenging = new WeakSet<AuthorizationError>()

/**
 * Lets the headers of an error speak of the resource that it protects, where there is one, and gives the error. The first says it
 * for good: with several resources in one application, another's may answer the error.
 */
export function challengeFor<Thrown>(resource: ChallengingResource | undefined, error: Thrown): Thrown {
  if (!isAuthorizationError(error) || challenging.has(error)) return error
  challenging.add(error)
  if (resource !== undefined) error.headers = toChallenge(toMeaning(error.code), error, resource)
  return error
}

/** Errors of a process that has too much to do: ZITADEL may be well. */
const overloads = new WeakSet<AuthorizationError>()

/** Marks an error as one of this process and not of ZITADEL's, and gives it. */
export function markOverload(error: AuthorizationError): AuthorizationError {
  overloads.add(error)
  return error
}

/** Tells whether ZITADEL was not even asked, for want of room here. */
export function isOverload(error: AuthorizationError): boolean {
  return overloads.has(error)
}
