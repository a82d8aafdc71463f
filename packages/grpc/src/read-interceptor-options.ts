import { type Clock, type Logger, readClock, readLogger, requireKnownOptions, systemClock } from '@org/zitadel-auth'
import type { InterceptorOptions } from './interceptor.js'

interface InterceptorSettings {
  readonly endExpiredStreams: boolean
  readonly logger: Logger
  readonly clock: Clock
}

/** Reads the options of an interceptor. */
export function readInterceptorOptions(options: InterceptorOptions): InterceptorSettings {
  requireKnownOptions(options, ['endExpiredStreams', 'logger', 'clock'])
  const { endExpiredStreams = true, logger = console, clock } = options
  if (typeof endExpiredStreams !== 'boolean') throw new TypeError('endExpiredStreams is true or false')
  return { endExpiredStreams, logger: readLogger(logger), clock: clock === undefined ? systemClock : readClock(clock) }
}
