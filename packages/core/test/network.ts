import { setupServer } from 'msw/node'
import { afterAll, afterEach, beforeAll, vi } from 'vitest'
import { type Clock, systemClock } from '../src/internal/clock.js'
import { createFetchJson, type FetchJson } from '../src/provider/fetch-json.js'
import { createFetchTransport, type Fetch } from '../src/provider/transport/fetch-transport.js'
import { createNodeTransport } from '../src/provider/transport/node-transport.js'
import type { Transport } from '../src/provider/transport/transport.js'
import { createManualClock, type ManualClock } from './manual-clock.js'
import { nodeStyleFetch } from './node-style-fetch.js'

/** Stands in for the network of a test file: a request that no handler expects is an error. */
export function setUpNetwork(): ReturnType<typeof setupServer> {
  const server = setupServer()
  beforeAll(() => server.listen({ onUnhandledRequest: 'error' }))
  afterEach(() => server.resetHandlers())
  afterAll(() => server.close())
  return server
}

/** The global fetch, looked up at every call, since msw replaces it. */
export const globalFetch: Fetch = (url, init) => fetch(url, init)

/** A manual clock that does not keep sleepers waiting, and counts them. */
export function createRestlessClock(): ManualClock & { readonly sleep: ReturnType<typeof vi.fn<Clock['sleep']>> } {
  return { ...createManualClock(), sleep: vi.fn<Clock['sleep']>(async () => {}) }
}

/** Makes the function under which this library talks to ZITADEL, over the network of the test. */
export function createTestFetchJson(
  clock: Clock = createRestlessClock(),
  transport: Transport = createFetchTransport(globalFetch),
): FetchJson {
  return createFetchJson({ transport, timeoutMs: 5_000, clock })
}

/** Every way to the network, by name. */
export const transports: readonly (readonly [name: string, createTransport: () => Transport])[] = [
  ['fetch', () => createFetchTransport(globalFetch)],
  ['node:http', () => createNodeTransport()],
  ['a fetch like node-fetch', () => createFetchTransport(nodeStyleFetch)],
]

/** A manual clock whose alarms ring after a real time, for what takes a real time to fail. */
export function createClockWithAlarms(): ReturnType<typeof createRestlessClock> {
  return { ...createRestlessClock(), after: systemClock.after }
}
