import { type MeterProvider, metrics, type TracerProvider, trace } from '@opentelemetry/api'
import { requireKnown } from '../internal/read-option.js'
import { onEvent, type Stop } from './listen.js'
import { attributeNames } from './names.js'
import { recordMetrics } from './record-metrics.js'
import { recordSpans } from './record-spans.js'

/** The options of {@link observe}. */
export interface ObserveOptions {
  /** The provider of meters. Without it, the one that is registered with `@opentelemetry/api`. */
  readonly meterProvider?: MeterProvider
  /** The provider of tracers. Without it, the one that is registered with `@opentelemetry/api`. */
  readonly tracerProvider?: TracerProvider
  /**
   * Whether the active span gets the id of the user (`user.id`), which is personal data.
   *
   * @defaultValue `false`
   */
  readonly userId?: boolean
}

/** Under this name meters and tracers are asked for. */
const scope = '@org/zitadel-auth'

/**
 * Reports what every `ZitadelAuth` of this process does to OpenTelemetry: metrics of authentications, of requests to
 * ZITADEL, of the cache, the circuit breaker and the queue, and spans of the requests to ZITADEL. Call it once, after
 * the SDK is registered: a second call would count everything twice. It costs nothing before it is called and after it
 * is stopped.
 *
 * @param options - the providers, and whether spans get the id of the user
 * @returns a function that stops it
 * @throws `TypeError`: when an option is unknown or malformed
 *
 * @example
 * ```ts
 * import { observe } from '@org/zitadel-auth/otel'
 *
 * const stop = observe()
 * process.once('SIGTERM', stop)
 * ```
 */
export function observe(options: ObserveOptions = {}): Stop {
  requireKnown(options, { meterProvider: true, tracerProvider: true, userId: true }, 'option')
  const { meterProvider = metrics, tracerProvider = trace, userId = false } = options
  if (typeof userId !== 'boolean') throw new TypeError('userId is true or false')
  // Both are asked for before anything listens: one that fails leaves nothing behind.
  const meter = meterProvider.getMeter(scope)
  const tracer = tracerProvider.getTracer(scope)
  const stops = [recordMetrics(meter), recordSpans(tracer), userId ? nameUsers() : () => {}]
  return () => {
    for (const stop of stops) stop()
  }
}

function nameUsers(): Stop {
  return onEvent('verified', ({ userId }) => void trace.getActiveSpan()?.setAttribute(attributeNames.userId, userId))
}
