import { type AuthorizationError, isAuthorizationError } from '../errors/authorization-error.js'
import type { Clock } from './clock.js'
import { createOnceAMinute } from './once-a-minute.js'

/** Where the library reports what operators must know. `console` is one. */
export interface Logger {
  /** ZITADEL cannot be reached, and requests get 503. Or a hint that something looks like a mistake in the setup. */
  warn(message: string): void
  /** This API is set up wrongly, and requests get 500. */
  error(message: string): void
}

/** What {@link createProblemLog} takes. */
export interface ProblemLogOptions {
  /** Where to write. */
  readonly logger: Logger
  readonly clock: Clock
  /** Tells which refusals of a client show a mistake of the API. Default: none. */
  readonly isHint?: ((error: AuthorizationError) => boolean) | undefined
}

/** Makes a log for failures that are not the client's: each cause once a minute, however many requests meet it. */
export function createProblemLog({ logger, clock, isHint = () => false }: ProblemLogOptions): (error: unknown) => void {
  const isDue = createOnceAMinute(clock)
  return (error) => {
    if (!isAuthorizationError(error) || (error.expose && !isHint(error)) || !isDue(toCause(error))) return
    const level = error.code === 'ERR_CONFIGURATION' ? 'error' : 'warn'
    logger[level](`[zitadel-auth] ${error.expose ? 'hint' : error.code}: ${error.reason}`)
  }
}

/** What a circuit breaker puts before it, and by how many seconds a clock is off, make it no other cause. */
function toCause({ code, reason }: AuthorizationError): string {
  return `${code} ${reason.replace('not asked, since before: ', '').replace(/\d+ s /, '')}`
}
