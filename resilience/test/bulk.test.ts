import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Emissions, listenToEmissions } from '../src/emissions.js'
import { endpoints, startFaultProxy } from '../src/fault-proxy.js'
import { type FaultName, faults } from '../src/faults.js'
import { createClient, createWorld, type World } from '../src/world.js'

const bulky: readonly FaultName[] = ['a body of 20 MB', 'a gzip bomb of 1 GB', '10,000 keys']
const cases = bulky.flatMap((fault) => endpoints.map((endpoint) => ({ fault, endpoint })))

/** What this library reads of an answer, and the chunk in which it notices. */
const mostBytes = 1024 * 1024 + 128 * 1024

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

/** A `fetch` that counts the decoded bytes that are taken off it. */
function createCountingFetch() {
  const taken = { bytes: 0 }
  const counting = async (url: URL, init: object): Promise<Response> => {
    const response = await fetch(url, init)
    const count = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        taken.bytes += chunk.byteLength
        controller.enqueue(chunk)
      },
    })
    return new Response(response.body?.pipeThrough(count) ?? null, response)
  }
  return { taken, fetch: counting }
}

describe('an answer that is too large', () => {
  it.each(cases)('is read no further than 1 MiB: $fault at $endpoint', async ({ fault, endpoint }) => {
    const proxy = await startFaultProxy({ target: world.zitadel.issuer })
    const { taken, fetch } = createCountingFetch()
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
    expect(taken.bytes).toBeLessThan(mostBytes)
    expect(taken.bytes).toBeGreaterThan(0)
  })
})
