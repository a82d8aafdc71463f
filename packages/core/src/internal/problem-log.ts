import { type AuthorizationError, isAuthorizationError } from '../errors.js'
import type { Clock } from './clock.js'

/** Where this library says what its operators must know. `console` is one. */
export interface Logger {
  /** ZITADEL can't be reached: requests get 503. */
  warn(message: string): void
  /** This API is set up wrongly: requests get 500. */
  error(message: string): void
}

const intervalMs = 60_000

/**
 * Makes a log for failures that are not the client's: each once a minute, however many requests meet it.
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
  const loggedAtMs = new Map<AuthorizationError['code'], number>()
  return (error) => {
    if (!isAuthorizationError(error) || error.expose) return
    const nowMs = clock.now()
    // Either way: a clock that was set back must not silence the log until it has caught up.
    if (Math.abs(nowMs - (loggedAtMs.get(error.code) ?? Number.NEGATIVE_INFINITY)) < intervalMs) return
    loggedAtMs.set(error.code, nowMs)
    const level = error.code === 'ERR_CONFIGURATION' ? 'error' : 'warn'
    logger[level](`[zitadel-auth] ${error.code}: ${error.message}`)
  }
}
