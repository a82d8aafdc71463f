import type { Attributes, Meter, ObservableResult } from '@opentelemetry/api'
import { onEvent, onOperation, type Stop } from './listen.js'
import { attributeNames, metricNames } from './names.js'

/** A cached token takes microseconds, and a request to ZITADEL up to its deadline. */
const secondsBounds = [0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** Records what this library tells as metrics. */
export function recordMetrics(meter: Meter): Stop {
  const stops = [recordAuthentications(meter), recordRequests(meter), recordCache(meter), recordState(meter)]
  return () => {
    for (const stop of stops) stop()
  }
}

function recordAuthentications(meter: Meter): Stop {
  const duration = createDuration(meter, metricNames.authenticateDuration, 'From the request to the decision')
  const refusals = meter.createCounter(metricNames.refusals, { unit: '{request}', description: 'Refused requests' })
  const stopDurations = onOperation('authenticate', {
    end: ({ issuer, durationMs = 0, verifiedBy, code }) =>
      duration.record(
        durationMs / 1_000,
        toAttributes({
          [attributeNames.issuer]: issuer,
          [attributeNames.verifiedBy]: verifiedBy,
          [attributeNames.errorType]: code,
        }),
      ),
  })
  const stopRefusals = onEvent('refused', ({ issuer, code }) =>
    refusals.add(1, { [attributeNames.issuer]: issuer, [attributeNames.errorType]: code }),
  )
  return () => {
    stopDurations()
    stopRefusals()
  }
}

function recordRequests(meter: Meter): Stop {
  const duration = createDuration(meter, metricNames.requestDuration, 'Requests to ZITADEL, a second try included')
  return onOperation('request', {
    end: ({ issuer, durationMs = 0, kind, status, code }) =>
      duration.record(
        durationMs / 1_000,
        toAttributes({
          [attributeNames.issuer]: issuer,
          [attributeNames.requestKind]: kind,
          [attributeNames.status]: status,
          [attributeNames.errorType]: code,
        }),
      ),
  })
}

function recordCache(meter: Meter): Stop {
  const lookups = meter.createCounter(metricNames.cacheLookups, { unit: '{lookup}', description: 'Look-ups of tokens' })
  const evictions = meter.createCounter(metricNames.cacheEvictions, {
    unit: '{answer}',
    description: 'Cached answers that made room for others',
  })
  return onEvent('cache', ({ issuer, outcome }) => {
    const attributes = { [attributeNames.issuer]: issuer }
    if (outcome === 'evict') evictions.add(1, attributes)
    else lookups.add(1, { ...attributes, [attributeNames.cacheResult]: outcome })
  })
}

/** What is so at a time: each gauge has the last that was told, by issuer. */
function recordState(meter: Meter): Stop {
  const openings = createGauge(meter, metricNames.breakerOpen, '{breaker}', 'Whether the circuit breaker is open')
  const running = createGauge(meter, metricNames.queueRunning, '{request}', 'Introspections that run')
  const waiting = createGauge(meter, metricNames.queueWaiting, '{request}', 'Introspections that wait')
  const entries = createGauge(meter, metricNames.cacheEntries, '{answer}', 'Cached answers')
  const stops = [
    onEvent('breaker', ({ issuer, state }) => openings.set(issuer, state === 'closed' ? 0 : 1)),
    onEvent('queue', (queue) => {
      running.set(queue.issuer, queue.running)
      waiting.set(queue.issuer, queue.waiting)
    }),
    onEvent('answers', (answers) => entries.set(answers.issuer, answers.entries)),
  ]
  return () => {
    for (const stop of [...stops, openings.stop, running.stop, waiting.stop, entries.stop]) stop()
  }
}

function createDuration(meter: Meter, name: string, description: string) {
  return meter.createHistogram(name, {
    unit: 's',
    description,
    advice: { explicitBucketBoundaries: secondsBounds },
  })
}

function createGauge(meter: Meter, name: string, unit: string, description: string) {
  const values = new Map<string, number>()
  const gauge = meter.createObservableGauge(name, { unit, description })
  const observeAll = (result: ObservableResult): void => {
    for (const [issuer, value] of values) result.observe(value, { [attributeNames.issuer]: issuer })
  }
  gauge.addCallback(observeAll)
  return {
    set: (issuer: string, value: number) => void values.set(issuer, value),
    stop: () => gauge.removeCallback(observeAll),
  }
}

/** An attribute that is undefined is none. */
function toAttributes(given: Readonly<Record<string, string | number | undefined>>): Attributes {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}
