// Who asks the servers: wrk where the machine has it, and autocannon otherwise.
import { findVersion } from '../lib/installed.mjs'
import { loadWithAutocannon } from './autocannon.mjs'
import { findWrk, loadWithWrk } from './wrk.mjs'

const clients = { wrk: loadWithWrk, autocannon: loadWithAutocannon }

/**
 * Finds the client, with its version for the page.
 *
 * @param wanted `wrk` or `autocannon`. Default: the first of them that is there
 */
export function findClient(wanted) {
  const wrk = wanted === 'autocannon' ? undefined : findWrk()
  if (wrk !== undefined) return { name: 'wrk', version: wrk }
  if (wanted === 'wrk') throw new Error('wrk is not on the PATH')
  return { name: 'autocannon', version: `autocannon ${findVersion('autocannon')}` }
}

/**
 * Loads a server, with a token for each connection. Every answer must be 200.
 *
 * @returns `requests` answered in so many `seconds`, and the 99th percentile of the latency in milliseconds
 */
export async function load({ name }, url, options) {
  const { requests, failed, seconds, p99 } = await clients[name](url, options)
  if (failed > 0) throw new Error(`${url} answered ${requests} requests, and failed ${failed}`)
  return { requests, seconds, p99 }
}
