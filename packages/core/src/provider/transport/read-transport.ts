import type { Agent as HttpAgent } from 'node:http'
import type { Agent as HttpsAgent } from 'node:https'
import { createFetchTransport, type Fetch } from './fetch-transport.js'
import { createOwnTransport } from './own-transport.js'
import type { Transport } from './transport.js'

/** What {@link readTransport} reads. */
export interface TransportOptions {
  /**
   * The agent of `node:http` or `node:https`, for a proxy, a certificate authority or a client certificate. Without it,
   * the library uses its own.
   */
  readonly agent?: HttpAgent | HttpsAgent | undefined
  /** Sends the requests to ZITADEL instead of `node:http` and `node:https`. */
  readonly fetch?: Fetch | undefined
}

/**
 * Reads how requests to ZITADEL are sent.
 *
 * @throws `TypeError`: when both are given, or one of them is malformed
 */
export function readTransport({ fetch, agent }: TransportOptions): Transport {
  if (fetch !== undefined && typeof fetch !== 'function') throw new TypeError('fetch is a function')
  if (agent !== undefined && !isAgent(agent)) {
    throw new TypeError('agent is an Agent of node:http or node:https')
  }
  if (fetch !== undefined && agent !== undefined) {
    throw new TypeError('give fetch or agent: a fetch does not use the agent')
  }
  return fetch === undefined ? createOwnTransport(agent) : createFetchTransport(fetch)
}

/** Those of undici, which are for `fetch`, are none: every request would fail. */
function isAgent(agent: Partial<HttpAgent>): boolean {
  return typeof Object(agent).createConnection === 'function'
}
