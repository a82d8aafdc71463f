import { type Clock, type Logger, readClock, readLogger, systemClock } from '@org/zitadel-auth'
import { requireKnownOptions } from '@org/zitadel-auth/adapter'

/** What the interceptor takes beside the requirements. */
export interface InterceptorOptions {
  /** Whether a stream ends, with `UNAUTHENTICATED`, when the token it was opened with expires. Default: true. */
  readonly endExpiredStreams?: boolean
  /**
   * Where to say that a method is not declared, or that something failed here, such as a check of yours. A logger that fails
   * itself harms no call. Default: `console`.
   */
  readonly logger?: Logger
  /** The time, for tests; what it leaves out is this machine's. Default: this machine's. */
  readonly clock?: Partial<Clock>
}

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
