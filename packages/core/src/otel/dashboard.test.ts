import { readFileSync } from 'node:fs'
import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus'
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics'
import { type GuideSetUp, type LocalZitadel, setUpGuide, startLocalZitadel } from '@org/zitadel-auth-testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { outcomeOf } from '../../test/expected-errors.js'
import { createZitadelAuth } from '../zitadel-auth.js'
import { attributeNames, metricNames } from './names.js'
import { observe } from './observe.js'

class ManualReader extends MetricReader {
  protected override async onForceFlush() {}
  protected override async onShutdown() {}
}

const read = (path: string) => readFileSync(new URL(`../../../../docs/${path}`, import.meta.url), 'utf8')
const dashboard = read('grafana/zitadel-auth.json')
const quiet = { warn: () => {}, error: () => {} }

let zitadel: LocalZitadel
let guide: GuideSetUp
/** What Prometheus gets, once everything has happened that is counted. */
let exported: string
beforeAll(async () => {
  zitadel = await startLocalZitadel()
  guide = setUpGuide(zitadel)
  const reader = new ManualReader()
  const stop = observe({ meterProvider: new MeterProvider({ readers: [reader] }) })
  const cache = { maxEntries: 1 }
  const auth = createZitadelAuth({ domain: zitadel.issuer, key: guide.key, logger: quiet, cache })
  await auth.authenticateToken(guide.token)
  await auth.authenticate(`Bearer ${guide.token}`)
  await auth.authenticateToken(zitadel.createPersonalAccessToken(zitadel.createServiceUser({ userName: 'other' })))
  zitadel.fail('introspection', { status: 500 })
  for (const token of ['a', 'b', 'c', 'd', 'e']) await outcomeOf(() => auth.authenticateToken(token))
  const { resourceMetrics } = await reader.collect()
  exported = new PrometheusSerializer().serialize(resourceMetrics)
  stop()
})
afterAll(() => zitadel.close())

const toNames = (text: string) => new Set(text.match(/\bzitadel_auth_[a-z_]+\b/g))
const toSeries = () => [...new Set(exported.match(/^zitadel_auth_[a-z_]+/gm))]
const toLabels = () => new Set(exported.match(/\b[a-z_]+(?==")/g))
/** Names are patterns where what collects them may put the unit behind the name. */
const toPatterns = (expression: string) =>
  [...expression.matchAll(/__name__=~"([^"]+)"/g)].map(([, pattern = '']) => new RegExp(`^(${pattern})$`))

describe('the Grafana dashboard', () => {
  const expressions = JSON.parse(dashboard).panels.flatMap(({ targets }: { targets: { expr: string }[] }) =>
    targets.map(({ expr }) => expr),
  ) as string[]

  it.each(expressions)('asks for what is exported: %s', (expression) => {
    const known = new Set([...toSeries(), ...toLabels()])
    const plain = expression.replaceAll(/__name__=~"[^"]+"/g, '')

    expect([...toNames(plain)].filter((name) => !known.has(name))).toEqual([])
    for (const pattern of toPatterns(expression))
      expect(toSeries().filter((name) => pattern.test(name))).toHaveLength(1)
  })

  it('shows every metric', () => {
    const shown = [...toNames(dashboard)].join(' ')

    for (const name of Object.values(metricNames)) expect(shown).toContain(name.replaceAll('.', '_'))
  })
})

describe('the page on observability', () => {
  it('names every metric and every attribute, and no other', () => {
    const names = [...Object.values(metricNames), ...Object.values(attributeNames)]
    const told = new Set(
      read('observability.md').match(/`(zitadel_auth\.[a-z_.]+|error\.type|http\.response\.status_code|user\.id)`/g),
    )

    expect([...told].map((name) => name.slice(1, -1)).sort()).toEqual([...names].sort())
  })
})
