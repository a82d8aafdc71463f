import { context, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { type GuideSetUp, type LocalZitadel, setUpGuide, startLocalZitadel } from '@org/zitadel-auth-testing'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { outcomeOf } from '../../test/expected-errors.js'
import { createManualClock } from '../../test/manual-clock.js'
import { createZitadelAuth, type ZitadelAuth } from '../zitadel-auth.js'
import { metricNames } from './names.js'
import { type ObserveOptions, observe } from './observe.js'

const clock = createManualClock()
let zitadel: LocalZitadel
let guide: GuideSetUp
let auth: ZitadelAuth
let stop = () => {}
let metricExporter: InMemoryMetricExporter
const spanExporter = new InMemorySpanExporter()
let reader: PeriodicExportingMetricReader
let meterProvider: MeterProvider
const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spanExporter)] })

beforeAll(async () => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  zitadel = await startLocalZitadel({ now: () => clock.now() })
  guide = setUpGuide(zitadel)
})
beforeEach(() => {
  metricExporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  spanExporter.reset()
  reader = new PeriodicExportingMetricReader({ exporter: metricExporter, exportIntervalMillis: 3_600_000 })
  meterProvider = new MeterProvider({ readers: [reader] })
  auth = createZitadelAuth({
    domain: zitadel.issuer,
    key: guide.key,
    clock,
    logger: { warn: () => {}, error: () => {} },
  })
})
afterEach(async () => {
  stop()
  zitadel.recover()
  await meterProvider.shutdown()
})
afterAll(async () => {
  context.disable()
  await zitadel.close()
})

const start = (options: ObserveOptions = {}) => {
  stop = observe({ meterProvider, tracerProvider, ...options })
}
const bearer = () => `Bearer ${guide.token}`
/** Each point of a metric, with what is counted in it. */
const readMetric = async (name: string) => {
  await reader.forceFlush()
  const scopes = metricExporter.getMetrics().at(-1)?.scopeMetrics ?? []
  const metric = scopes.flatMap(({ metrics }) => metrics).find(({ descriptor }) => descriptor.name === name)
  return (metric?.dataPoints ?? []).map(({ attributes, value }) => {
    const { 'zitadel_auth.issuer': issuer, ...rest } = attributes
    expect(issuer).toBe(zitadel.issuer)
    return [rest, typeof value === 'object' ? (value as { count: number }).count : value]
  })
}

describe('observe', () => {
  it('counts authentications by how the token was verified, and by why a request was refused', async () => {
    start()
    await auth.authenticate(bearer())
    await auth.authenticate(bearer())
    await outcomeOf(() => auth.authenticate(undefined))
    await outcomeOf(() => auth.authenticate(bearer(), { role: 'admin' }))
    await auth.authenticateOptional(undefined)

    expect(await readMetric(metricNames.authenticateDuration)).toEqual([
      [{ 'zitadel_auth.verified_by': 'introspection' }, 2],
      [{ 'error.type': 'ERR_TOKEN_MISSING' }, 1],
      [{ 'error.type': 'ERR_PERMISSION_DENIED' }, 1],
      [{}, 1],
    ])
    expect(await readMetric(metricNames.refusals)).toEqual([
      [{ 'error.type': 'ERR_TOKEN_MISSING' }, 1],
      [{ 'error.type': 'ERR_PERMISSION_DENIED' }, 1],
    ])
  })

  it('counts requests to ZITADEL by kind, and look-ups by what they found', async () => {
    start()
    await auth.authenticate(bearer())
    await auth.authenticate(bearer())

    expect(await readMetric(metricNames.requestDuration)).toEqual([
      [{ 'zitadel_auth.request.kind': 'discovery', 'http.response.status_code': 200 }, 1],
      [{ 'zitadel_auth.request.kind': 'introspection', 'http.response.status_code': 200 }, 1],
    ])
    expect(await readMetric(metricNames.cacheLookups)).toEqual([
      [{ 'zitadel_auth.cache.result': 'miss' }, 1],
      [{ 'zitadel_auth.cache.result': 'hit' }, 1],
    ])
  })

  it('shows the cached answers, and those that made room', async () => {
    start()
    const small = createZitadelAuth({ domain: zitadel.issuer, key: guide.key, clock, cache: { maxEntries: 1 } })
    await small.authenticate(bearer())
    expect(await readMetric(metricNames.cacheEntries)).toEqual([[{}, 1]])
    const other = zitadel.createServiceUser({ userName: 'other' })
    await small.authenticateToken(zitadel.createPersonalAccessToken(other))
    small.forgetAll()

    expect(await readMetric(metricNames.cacheEntries)).toEqual([[{}, 0]])
    expect(await readMetric(metricNames.cacheEvictions)).toEqual([[{}, 1]])
  })

  it('shows what runs and what waits, and that the circuit breaker is open', async () => {
    start()
    const hold = zitadel.hold('introspection')
    const narrow = createZitadelAuth({ domain: zitadel.issuer, key: guide.key, clock, maxConcurrentRequests: 1 })
    const users = ['a', 'b', 'c'].map((userName) => zitadel.createServiceUser({ userName }))
    const asked = users.map((user) => narrow.authenticateToken(zitadel.createPersonalAccessToken(user)))
    await hold.untilWaiting(1)
    expect(await readMetric(metricNames.queueRunning)).toEqual([[{}, 1]])
    expect(await readMetric(metricNames.queueWaiting)).toEqual([[{}, 2]])
    hold.release()
    await Promise.all(asked)
    expect(await readMetric(metricNames.queueRunning)).toEqual([[{}, 0]])
    expect(await readMetric(metricNames.queueWaiting)).toEqual([[{}, 0]])

    zitadel.fail('introspection', { status: 500 })
    for (const token of ['a', 'b', 'c', 'd', 'e', 'f']) await outcomeOf(() => narrow.authenticateToken(token))
    expect(await readMetric(metricNames.breakerOpen)).toEqual([[{}, 1]])
    zitadel.recover()
    clock.advanceSeconds(2)
    await narrow.authenticateToken(guide.token)
    expect(await readMetric(metricNames.breakerOpen)).toEqual([[{}, 0]])
  })

  it('makes a span of each request to ZITADEL under the one that is active, and none of a cached check', async () => {
    start()
    const tracer = tracerProvider.getTracer('test')
    await tracer.startActiveSpan('server', async (server) => {
      await auth.authenticate(bearer())
      await auth.authenticate(bearer())
      server.end()
    })
    const spans = spanExporter.getFinishedSpans()
    const server = spans.find(({ name }) => name === 'server')

    expect(
      spans.map(({ name, parentSpanContext, attributes, status }) => [
        name,
        parentSpanContext?.spanId === server?.spanContext().spanId,
        attributes['http.response.status_code'],
        status.code,
      ]),
    ).toEqual([
      ['zitadel discovery', true, 200, 0],
      ['zitadel introspection', true, 200, 0],
      ['server', false, undefined, 0],
    ])
  })

  it('runs the request inside its span, for what others make of it', async () => {
    start()
    const seen: (string | undefined)[] = []
    const observed = createZitadelAuth({
      domain: zitadel.issuer,
      key: guide.key,
      clock,
      fetch: (url, init) => {
        seen.push((trace.getActiveSpan() as unknown as { name: string } | undefined)?.name)
        return fetch(url, init)
      },
    })
    await observed.authenticate(bearer())

    expect(seen).toEqual(['zitadel discovery', 'zitadel introspection'])
  })

  it('marks the span of a request that failed', async () => {
    start()
    await auth.ready()
    spanExporter.reset()
    zitadel.fail('introspection', { status: 500 })
    await outcomeOf(() => auth.authenticate(bearer()))

    expect(
      spanExporter.getFinishedSpans().map(({ attributes, status }) => [attributes['error.type'], status.code]),
    ).toEqual([['ERR_PROVIDER_UNAVAILABLE', 2]])
  })

  it('tells nobody who the user is, unless it is asked to', async () => {
    const run = () =>
      tracerProvider.getTracer('test').startActiveSpan('server', async (server) => {
        await auth.authenticate(bearer())
        server.end()
      })
    start()
    await run()
    stop()
    expect(JSON.stringify(spanExporter.getFinishedSpans().map(({ attributes }) => attributes))).not.toContain(
      guide.user.id,
    )
    spanExporter.reset()
    start({ userId: true })
    await run()

    expect(spanExporter.getFinishedSpans().map(({ name, attributes }) => [name, attributes['user.id']])).toEqual([
      ['server', guide.user.id],
    ])
  })

  it('goes on where a meter or a tracer fails', async () => {
    const fail = () => {
      throw new Error('of the provider')
    }
    const meter = new Proxy(
      {},
      { get: () => () => ({ record: fail, add: fail, addCallback: () => {}, removeCallback: () => {} }) },
    )
    start({
      meterProvider: { getMeter: () => meter } as never,
      tracerProvider: { getTracer: () => ({ startSpan: fail }) } as never,
    })

    expect((await auth.authenticate(bearer())).userId).toBe(guide.user.id)
  })

  it('listens to nothing where a provider fails at the start', async () => {
    const fail = () => {
      throw new Error('of the provider')
    }
    expect(() => observe({ meterProvider, tracerProvider: { getTracer: fail } as never })).toThrow('of the provider')
    await auth.authenticate(bearer())

    expect(await readMetric(metricNames.authenticateDuration)).toEqual([])
  })

  it('ends when it is stopped', async () => {
    start()
    stop()
    await auth.authenticate(bearer())

    expect([spanExporter.getFinishedSpans(), await readMetric(metricNames.authenticateDuration)]).toEqual([[], []])
  })

  it('says nothing of tokens, claims or keys', async () => {
    start({ userId: false })
    await auth.authenticate(bearer())
    await outcomeOf(() => auth.authenticate('Bearer another-token'))
    await reader.forceFlush()
    const metrics = metricExporter.getMetrics().at(-1)?.scopeMetrics
    const attributes = spanExporter.getFinishedSpans().map((span) => [span.name, span.attributes, span.events])
    const said = JSON.stringify([metrics, attributes])

    for (const secret of [guide.token, 'another-token', guide.user.id, guide.project.id, guide.key.keyId]) {
      expect(said).not.toContain(secret)
    }
  })

  for (const options of [{ userId: 'yes' }, { meters: {} }]) {
    it(`does not take ${JSON.stringify(options)}`, () => expect(() => observe(options as object)).toThrow(TypeError))
  }
})
