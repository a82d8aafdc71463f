import { isAuthorizationError } from '../errors/authorization-error.js'
import type { Clock } from './clock.js'
import { createOnceAMinute } from './once-a-minute.js'

/** Where this library says what its operators must know. `console` is one. */
export interface Logger {
  /** ZITADEL can't be reached: requests get 503. Or a hint: its answers look like a mistake in the set-up. */
  warn(message: string): void
  /** This API is set up wrongly: requests get 500. */
  error(message: string): void
}

/**
 * Makes a log for failures that are not the client's: each cause once a minute, however many requests meet it.
 *
 * @param options - `logger`: where to write; `clock`: the time
 */
export function createProblemLog({
  logger,
  clock,
}: {
  readonly logger: Logger
  readonly clock: Clock
}): (error: unknown) => void {
  const isDue = createOnceAMinute(clock)
  return (error) => {
    if (!isAuthorizationError(error) || error.expose || !isDue(`${error.code} ${error.reason}`)) return
    const level = error.code === 'ERR_CONFIGURATION' ? 'error' : 'warn'
    logger[level](`[zitadel-auth] ${error.code}: ${error.reason}`)
  }
}
