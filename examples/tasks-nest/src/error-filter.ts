import { type ArgumentsHost, Catch, type ExceptionFilter, Inject } from '@nestjs/common'
import { log } from '@org/example-tasks'
import { findAuthorizationError, RefusalFilter } from '@org/zitadel-auth-nest'
import { respond } from './respond.js'

/** What is not authorization is left to the application: here, an unknown path, or a body that can't be read. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  readonly #refusals: RefusalFilter

  constructor(@Inject(RefusalFilter) refusals: RefusalFilter) {
    this.#refusals = refusals
  }

  catch(error: Error & { status?: number }, host: ArgumentsHost): unknown {
    if (findAuthorizationError(error)) return this.#refusals.catch(error, host)
    const { status = 500, message } = error
    const response = host.switchToHttp().getResponse()
    if (status === 404) return respond(response, 404, 'not found')
    const isClientError = status >= 400 && status < 500
    if (!isClientError) log.error('request failed', { error: message })
    return respond(
      response,
      isClientError ? status : 500,
      isClientError ? 'request body cannot be read' : 'internal error',
    )
  }
}
