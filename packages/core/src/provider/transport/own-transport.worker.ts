import { createFetchTransport, type Fetch } from './fetch-transport.js'
import type { Transport } from './transport.js'

/**
 * Makes the transport of an application that brings no `fetch`, on workers: by theirs, which is all they have.
 *
 * @param agent - must be undefined
 * @throws `TypeError`: when an agent is given
 */
export function createOwnTransport(agent: unknown): Transport {
  if (agent !== undefined) throw new TypeError('workers have no agents: leave agent away, or give a fetch')
  // Looked up at every request, since tools for tracing and for tests replace it.
  return createFetchTransport(((url, init) => fetch(url, init as RequestInit)) as Fetch)
}
