import { type Clock, type Logger, readClock, readLogger, systemClock } from '@org/zitadel-auth'
import { requireKnownOptions } from '@org/zitadel-auth/adapter'

/** The options of {@link createAuthorizationInterceptor}. */
export interface InterceptorOptions {
  /**
   * Whether a stream ends with `UNAUTHENTICATED` when the token it was opened with expires.
   *
   * @defaultValue `true`
   */
  readonly endExpiredStreams?: boolean
  /**
   * Where to report that a method is not declared, or that something else failed, such as a check of yours. A logger
   * that fails does no harm.
   *
   * @defaultValue `console`
   */
  readonly logger?: Logger
  /** The time, for tests. Functions that are left out use the time of this machine. */
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
