import type { Logger } from './problem-log.js'
import { requireFunctions } from './read-option.js'

/**
 * Reads the option `logger`, and wraps it so that it never fails: an error or a rejected promise of a logger changes no
 * response and ends no process. For authors of adapters.
 *
 * @param logger - the logger of the application
 * @throws `TypeError`: when one of its functions is missing
 *
 * @example
 * ```ts
 * import { readLogger } from '@org/zitadel-auth'
 *
 * const logger = readLogger(console)
 * logger.warn('[my-adapter] a route has no requirement')
 * ```
 */
export function readLogger(logger: Logger): Logger {
  requireFunctions(logger, ['warn', 'error'], 'logger')
  const tell = async (level: keyof Logger, message: string): Promise<void> => logger[level](message)
  const tellSafely = (level: keyof Logger) => (message: string) => void tell(level, message).catch(() => {})
  return { warn: tellSafely('warn'), error: tellSafely('error') }
}
