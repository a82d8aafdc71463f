import { HttpException } from '@nestjs/common'
import { type AuthorizationError, type HttpRefusal, isAuthorizationError } from '@org/zitadel-auth'

/**
 * The part of `auth` that error responses need.
 *
 * @group Types for the compiler
 */
export interface Refuser {
  /** Returns the response for an `AuthorizationError`, and undefined for any other error. */
  refusal(error: unknown): HttpRefusal | undefined
}

// A registered symbol, for the copies of this package.
const brand = Symbol.for('@org/zitadel-auth-nest/refused')

/**
 * What a guard throws for a rejected call: an exception of Nest, so that a filter that catches everything responds with
 * the right status and the fixed text. Its `cause` is the `AuthorizationError`.
 *
 * @example
 * ```ts
 * import { type ArgumentsHost, Catch } from '@nestjs/common'
 * import { BaseExceptionFilter } from '@nestjs/core'
 * import { RefusedException } from '@org/zitadel-auth-nest'
 *
 * @Catch(RefusedException)
 * export class LoggingFilter extends BaseExceptionFilter<RefusedException> {
 *   override catch(exception: RefusedException, host: ArgumentsHost): void {
 *     console.warn(exception.cause.reason)
 *     super.catch(exception, host)
 *   }
 * }
 * ```
 */
export class RefusedException extends HttpException {
  /** Why the call was rejected. */
  declare readonly cause: AuthorizationError

  /** How GraphQL shows the kind of an error to its clients. */
  readonly extensions: {
    /** The kind, in the words of Apollo if it has one. */
    readonly code: string
  }

  /**
   * @param refusal - the response
   * @param cause - why the call was rejected
   */
  constructor({ text, status }: HttpRefusal, cause: AuthorizationError) {
    super(text, status, { cause })
    this.extensions = { code: graphqlCodes[status] }
  }

  /** Marks the exception for {@link findAuthorizationError}. */
  get [brand](): true {
    return true
  }
}

/** The words of Apollo, where it has some. */
const graphqlCodes: Readonly<Record<HttpRefusal['status'], string>> = {
  400: 'BAD_REQUEST',
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  500: 'INTERNAL_SERVER_ERROR',
  503: 'SERVICE_UNAVAILABLE',
}

/**
 * Returns the `AuthorizationError` of a rejected call, in a filter of the application: of what a guard throws, and of
 * what `authorize(context, requirement)` throws in a handler. Returns undefined for any other exception.
 *
 * @param exception - what was thrown
 *
 * @example
 * ```ts
 * import { type ArgumentsHost, Catch } from '@nestjs/common'
 * import { BaseExceptionFilter } from '@nestjs/core'
 * import { findAuthorizationError } from '@org/zitadel-auth-nest'
 *
 * @Catch()
 * export class LoggingFilter extends BaseExceptionFilter {
 *   override catch(exception: unknown, host: ArgumentsHost): void {
 *     console.warn(findAuthorizationError(exception)?.reason ?? exception)
 *     super.catch(exception, host)
 *   }
 * }
 * ```
 */
export function findAuthorizationError(exception: unknown): AuthorizationError | undefined {
  if (isAuthorizationError(exception)) return exception
  const isOurs = typeof exception === 'object' && exception !== null && brand in exception
  const cause = isOurs ? (exception as RefusedException).cause : undefined
  return isAuthorizationError(cause) ? cause : undefined
}
