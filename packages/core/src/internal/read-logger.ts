import type { Logger } from './problem-log.js'
import { requireFunctions } from './read-option.js'

/**
 * Reads the option `logger`, and makes one of it that never fails: one that does, at once or by a promise that nobody waits
 * for, must not change what a request gets, nor end the process.
 *
 * @param logger - the application's
 * @throws {TypeError} when it lacks one of its functions
 */
export function readLogger(logger: Logger): Logger {
  requireFunctions(logger, ['warn', 'error'], 'logger')
  const tell = async (level: keyof Logger, message: string): Promise<void> => logger[level](message)
  const tellSafely = (level: keyof Logger) => (message: string) => void tell(level, message).catch(() => {})
  return { warn: tellSafely('warn'), error: tellSafely('error') }
}
