import { type ArgumentsHost, Catch, type ExceptionFilter, type Type } from '@nestjs/common'
import { requireAuth } from '@org/zitadel-auth/adapter'
import { answerGrpc } from './answer-grpc.js'
import { findAuthorizationError, RefusedException, type Refuser } from './refused-exception.js'
import { respond } from './response.js'
import { tellSocket } from './socket.js'

/** Makes what Nest compares an exception with by `instanceof`. */
function createMatcher(isMatch: (exception: unknown) => boolean): Type {
  return Object.defineProperty(class {}, Symbol.hasInstance, { value: isMatch })
}

/** Not one class, since another copy of a package may have made the exception. */
const anyRefusal = createMatcher((exception) => findAuthorizationError(exception) !== undefined)

/**
 * Responds to rejected calls: to what a guard throws, and to what `authorize(context, requirement)` throws in a
 * handler. `ZitadelAuthModule` registers one for the application. A filter of yours that catches everything comes
 * first, and can pass such errors on to this one.
 *
 * @example
 * ```ts
 * import { type ArgumentsHost, Catch, type ExceptionFilter, Inject } from '@nestjs/common'
 * import { findAuthorizationError, RefusalFilter } from '@org/zitadel-auth-nest'
 *
 * @Catch()
 * export class EverythingFilter implements ExceptionFilter {
 *   @Inject(RefusalFilter) private readonly refusals!: RefusalFilter
 *
 *   catch(exception: unknown, host: ArgumentsHost) {
 *     if (findAuthorizationError(exception)) return this.refusals.catch(exception, host)
 *     throw exception
 *   }
 * }
 * ```
 */
export class RefusalFilter implements ExceptionFilter {
  readonly #auth: Refuser

  /**
   * @param auth - from `createZitadelAuth`
   * @throws `TypeError`: at startup, when `auth` is not a ZitadelAuth
   */
  constructor(auth: Refuser) {
    requireAuth(auth, ['refusal'])
    this.#auth = auth
  }

  /**
   * Responds to a rejected call.
   *
   * @param exception - what was thrown
   * @param host - what Nest passes to a filter
   * @returns what Nest expects of a filter for this kind of call
   * @throws `Error`: the exception, if it is not about authorization
   */
  catch(exception: unknown, host: ArgumentsHost): unknown {
    const error = findAuthorizationError(exception)
    const refusal = this.#auth.refusal(error)
    if (error === undefined || refusal === undefined) throw exception
    switch (host.getType<string>()) {
      case 'http':
        return respond(host.getArgByIndex(1), refusal)
      case 'rpc':
        return answerGrpc(host.getArgs(), refusal)
      case 'ws':
        return tellSocket(host.getArgByIndex(0), refusal)
      default:
        // GraphQL takes an error that it is given for one that was thrown.
        return exception instanceof RefusedException ? exception : new RefusedException(refusal, error)
    }
  }
}
Catch(anyRefusal)(RefusalFilter)

/** In the place of the other where refusals are the application's. */
export class IdleFilter implements ExceptionFilter {
  /** Is never called. */
  catch(exception: unknown): never {
    throw exception
  }
}
Catch(createMatcher(() => false))(IdleFilter)
