import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Emissions, listenToEmissions } from '../src/emissions.js'
import { endpoints, startFaultProxy } from '../src/fault-proxy.js'
import { type FaultName, faults } from '../src/faults.js'
import { createClient, createWorld, type World } from '../src/world.js'

/** What this library reads of an answer, and the chunk in which it notices that there is more. */
const limit = { least: 1024 * 1024, most: 1024 * 1024 + 128 * 1024 }

const bulky: readonly {
  readonly fault: FaultName
  readonly read: { readonly least: number; readonly most: number }
}[] = [
  { fault: 'a body of 20 MB', read: limit },
  // It says that it is compressed, which nobody has asked for.
  { fault: 'a gzip bomb of 1 GB', read: { least: 0, most: 0 } },
  { fault: '10,000 keys', read: { least: 500_000, most: limit.least } },
]
const cases = bulky.flatMap(({ fault, read }) => endpoints.map((endpoint) => ({ fault, read, endpoint })))

let world: World
let emissions: Emissions
beforeAll(async () => {
  world = await createWorld()
  emissions = listenToEmissions()
})
afterAll(async () => {
  emissions.stop()
  await world.zitadel.close()
})

/** A `fetch` that counts the decoded bytes that are taken off it, of answers from below an address. */
function createCountingFetch(address: string) {
  const [counted, ignored] = [{ bytes: 0 }, { bytes: 0 }]
  const counting = async (url: URL, init: object): Promise<Response> => {
    const response = await fetch(url, init)
    const taken = url.href.startsWith(`${address}/`) ? counted : ignored
    const count = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        taken.bytes += chunk.byteLength
        controller.enqueue(chunk)
      },
    })
    return new Response(response.body?.pipeThrough(count) ?? null, response)
  }
  return { taken: counted, fetch: counting }
}

describe('an answer that is too large', () => {
  it.each(cases)(
    'is read no further than 1 MiB, and not at all where it is compressed: $fault at $endpoint',
    async ({ fault, read, endpoint }) => {
      const proxy = await startFaultProxy({ target: world.zitadel.issuer })
      const { taken, fetch } = createCountingFetch(proxy.urls[endpoint])
      const { auth } = createClient(world, proxy, emissions, {
        ...world.credentials.key,
        verification: 'auto',
        projectId: world.projectId,
        fetch,
      })
      await proxy.break(endpoint, faults[fault])
      const token = { discovery: world.tokens.opaque, introspection: world.tokens.opaque, keys: world.tokens.jwt }[
        endpoint
      ]
      const refused = await auth.authenticate(`Bearer ${token}`).catch((error: unknown) => error)
      await proxy.close()
      expect(refused).toMatchObject({ name: 'AuthorizationError', expose: false })
      expect(taken.bytes).toBeGreaterThanOrEqual(read.least)
      expect(taken.bytes).toBeLessThanOrEqual(read.most)
    },
  )
})
