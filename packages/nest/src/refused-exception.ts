import { HttpException } from '@nestjs/common'
import { type AuthorizationError, type HttpRefusal, isAuthorizationError } from '@org/zitadel-auth'

/** What a refuser needs of `auth`. */
export interface Refuser {
  /** Gives the answer to an `AuthorizationError`, and undefined for any other error. */
  refusal(error: unknown): HttpRefusal | undefined
}

// A registered symbol, for the copies of this package.
const brand = Symbol.for('@org/zitadel-auth-nest/refused')

/**
 * What a guard throws where the adapter answers: an exception of Nest, so that a filter of the application that catches
 * everything answers with the right status and the fixed text. Its `cause` is the `AuthorizationError`.
 */
export class RefusedException extends HttpException {
  /** Why the request was refused. */
  declare readonly cause: AuthorizationError

  /** How GraphQL shows the kind of an error to its clients. */
  readonly extensions: {
    /** The kind, in the words of Apollo where it has some. */
    readonly code: string
  }

  /**
   * @param refusal - the answer
   * @param cause - why the request was refused
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
 * Gives the `AuthorizationError` of a refusal, in a filter of the application: of what a guard throws, and of what
 * `authorize(context, requirement)` throws in a handler. Undefined for any other exception: it is not about authorization.
 *
 * @param exception - what was thrown
 */
export function findAuthorizationError(exception: unknown): AuthorizationError | undefined {
  if (isAuthorizationError(exception)) return exception
  const isOurs = typeof exception === 'object' && exception !== null && brand in exception
  const cause = isOurs ? (exception as RefusedException).cause : undefined
  return isAuthorizationError(cause) ? cause : undefined
}
