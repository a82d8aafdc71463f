import type { Logger } from './problem-log.js'

/**
 * Makes a logger that never fails: one that does, at once or by a promise that nobody waits for, must not change what a
 * request gets, nor end the process.
 *
 * @param logger - the application's
 */
export function toSafeLogger(logger: Logger): Logger {
  const tell = async (level: keyof Logger, message: string): Promise<void> => logger[level](message)
  const tellSafely = (level: keyof Logger) => (message: string) => void tell(level, message).catch(() => {})
  return { warn: tellSafely('warn'), error: tellSafely('error') }
}
