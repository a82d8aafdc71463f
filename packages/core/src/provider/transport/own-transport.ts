import { type Agent, createNodeTransport } from './node-transport.js'
import type { Transport } from './transport.js'

/**
 * Makes the transport of an application that brings no `fetch`: by `node:http` and `node:https`.
 *
 * @param agent - the application's; undefined for one of our own
 */
export function createOwnTransport(agent: Agent | undefined): Transport {
  return createNodeTransport(agent)
}
