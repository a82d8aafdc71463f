import { type ErrorCause, toErrorCause } from './cause.js'
import { type ChallengingResource, toChallenge } from './challenge.js'
import type { AuthorizationErrorCode } from './code.js'
import { meanings, toClientText, toMeaning } from './meanings.js'

/** What an {@link AuthorizationError} may contain besides its code and reason. */
export interface AuthorizationErrorOptions {
  /** What caused the error. Only its name and its code are kept. */
  readonly cause?: unknown
  /** After how many seconds to try again, if ZITADEL said so. */
  readonly retryAfterSeconds?: number | undefined
  /** The scopes that the rejected request would have needed. */
  readonly requiredScopes?: readonly string[] | undefined
  /** How old the user's authentication may be, if it was too old. */
  readonly maxAgeSeconds?: number | undefined
  /**
   * The requirement that was not met, in words that the client may read. Used only with `ERR_PERMISSION_DENIED` and
   * `ERR_AUTHENTICATION_INSUFFICIENT`.
   */
  readonly unmetRequirement?: string | undefined
}

// Not instanceof: an application may hold an ESM and a CommonJS copy of this package.
const brand = Symbol.for('@org/zitadel-auth/AuthorizationError')

/** What `console.error` and `util.inspect` call, under its registered name: this file needs nothing of Node.js. */
const inspectSymbol = Symbol.for('nodejs.util.inspect.custom')

/**
 * The error for every rejected request.
 *
 * `message` is a fixed text that the client may read, so an error handler may send it. `reason` is for the developer of
 * the API: it says what exactly was wrong, and `console.error` and pino show it. Neither contains a token, a key or the
 * value of a claim. `status`, `statusCode`, `expose` and `headers` have the names that Express, Koa and Fastify use.
 *
 * @example
 * ```ts
 * import { AuthorizationError } from '@org/zitadel-auth'
 *
 * export function requireOwner(ownerId: string, userId: string): void {
 *   if (ownerId === userId) return
 *   throw new AuthorizationError('ERR_PERMISSION_DENIED', 'the task belongs to somebody else', {
 *     unmetRequirement: 'you can only delete your own tasks',
 *   })
 * }
 * ```
 */
export class AuthorizationError extends Error {
  /** Why the request was rejected, for programs. */
  readonly code: AuthorizationErrorCode
  /** After how many seconds to try again; undefined if that is unknown. A response with 503 then says 5. */
  readonly retryAfterSeconds: number | undefined
  /** The scopes that the request would have needed; empty if scopes were not the problem. */
  readonly requiredScopes: readonly string[]
  /** How old the user's authentication may be, in seconds; undefined if its age was not the problem. */
  readonly maxAgeSeconds: number | undefined
  /** The requirement that was not met, as the client reads it; undefined if a requirement was not the problem. */
  readonly unmetRequirement: string | undefined
  /** The name and the code of the error that caused this one, if there was one. */
  declare readonly cause?: ErrorCause

  /** The HTTP status of the response. Writable, since frameworks may set it. */
  status: number
  /** The same as `status`, under the name that Fastify reads. */
  statusCode: number
  /** Whether the error is about the client's request (4xx), and not about this API or its ZITADEL (5xx). */
  expose: boolean
  /** The headers of the response: `WWW-Authenticate` or `Retry-After`, and what belongs to them. */
  headers: Readonly<Record<string, string>>

  readonly #reason: string

  /**
   * @param code - why the request was rejected, for programs
   * @param reason - why the request was rejected, for the developer of the API
   * @param options - the cause, and what the response to the client needs
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

  /** What was wrong, for the developer of the API. Do not send it to the client: it may name hosts and settings. */
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
 * Whether a caught value is an {@link AuthorizationError}, also one of another copy of this package. Use it instead of
 * `instanceof`.
 *
 * @param value - anything that was thrown
 *
 * @example
 * ```ts
 * import { isAuthorizationError } from '@org/zitadel-auth'
 *
 * export async function readStatus(header: string | undefined): Promise<number> {
 *   try {
 *     await auth.authenticate(header)
 *     return 200
 *   } catch (error) {
 *     if (isAuthorizationError(error)) return error.status
 *     throw error
 *   }
 * }
 * ```
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
