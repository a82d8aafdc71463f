import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { setImmediate } from 'node:timers/promises'
import { createZitadelAuth, type Fetch } from '@org/zitadel-auth'
import { expect, it, vi } from 'vitest'
import { leaveFigures } from '../src/figures.js'
import { createHeapMeter } from '../src/heap-meter.js'

/** How many tokens come in a simulated hour; a full run sets `SOAK_TOKENS` to a million. */
const tokens = Number(process.env['SOAK_TOKENS'] ?? 30_000)
const atOnce = 50
const hourMs = 60 * 60 * 1_000
const maxEntries = 10_000

vi.setConfig({ testTimeout: 60 * 60_000 })

const issuer = 'https://zitadel.example'
const mebibyte = 1024 * 1024

const countListeners = (): number =>
  process.eventNames().reduce((count, name) => count + process.listenerCount(name), 0)

it('holds its memory, entries, listeners and timers through an hour of tokens that nobody has seen before', async () => {
  let nowMs = Date.UTC(2026, 0, 1)
  const counts = { calls: 0, evicted: 0, missed: 0, hit: 0 }
  const hear = (event: unknown): void => {
    const { outcome } = event as { outcome: string }
    counts.evicted += Number(outcome === 'evict')
    counts.missed += Number(outcome === 'miss')
    counts.hit += Number(outcome === 'hit')
  }
  subscribe('@org/zitadel-auth:cache', hear)

  const metadata = { issuer, introspection_endpoint: `${issuer}/oauth/v2/introspect` }
  const roles = { 'urn:zitadel:iam:org:project:roles': { admin: { org1: 'example.com' } } }
  const fetch: Fetch = async (_url, { body }) => {
    counts.calls += 1
    if (body === undefined) return Response.json(metadata)
    return Response.json({ active: true, sub: body.get('token'), aud: ['api'], exp: nowMs / 1_000 + 43_200, ...roles })
  }
  const auth = createZitadelAuth({
    ...{ domain: issuer, clientId: 'api', clientSecret: 'secret', fetch },
    // So long that answers make room for others, and do not just grow old.
    cache: { ttlSeconds: 2 * 60 * 60 },
    clock: { now: () => nowMs, sleep: async () => {} },
  })
  const use = async (from: number, until: number): Promise<void> => {
    for (let at = from; at < until; at += atOnce) {
      const bearers = Array.from({ length: atOnce }, (_, offset) => `Bearer token-${at + offset}`)
      await Promise.all(bearers.map((bearer) => auth.authenticate(bearer)))
      await Promise.all(bearers.map((bearer) => auth.authenticate(bearer, { role: 'admin' })))
      nowMs += (atOnce * hourMs) / tokens
      peak = Math.max(peak, process.memoryUsage().heapUsed)
      // As with a real network, which takes more than one turn of the event loop.
      await setImmediate()
    }
  }
  let peak = 0
  const readHeap = createHeapMeter()

  // By then the cache is full, and all code has been compiled.
  const warmUp = 20_000
  await use(0, warmUp)
  const before = {
    heap: await readHeap(),
    listeners: countListeners(),
    resources: process.getActiveResourcesInfo().length,
  }
  await use(warmUp, tokens)
  const after = {
    heap: await readHeap(),
    listeners: countListeners(),
    resources: process.getActiveResourcesInfo().length,
  }
  unsubscribe('@org/zitadel-auth:cache', hear)
  auth.close()
  const afterClose = await readHeap()

  const peakMebibytes = Math.round(peak / mebibyte)
  leaveFigures('soak', { tokens, 'MiB at the peak': peakMebibytes, calls: counts.calls, evictions: counts.evicted })
  expect(counts.missed - counts.evicted).toBe(maxEntries)
  expect(counts.hit).toBe(tokens)
  expect(counts.calls - tokens).toBeLessThanOrEqual(2)
  expect(after.heap / before.heap).toBeLessThan(1.1)
  expect(afterClose).toBeLessThan(after.heap)
  expect(after.listeners).toBe(before.listeners)
  expect(after.resources).toBeLessThanOrEqual(before.resources)
})
