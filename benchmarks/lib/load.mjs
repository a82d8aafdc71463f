import autocannon from 'autocannon'
import { quantile } from './statistics.mjs'

/**
 * Loads a server for a time, or with a number of requests if there is one. Each connection brings a token of its own,
 * and every answer must be 200.
 *
 * @returns requests per second, and the 99th percentile of the latency in milliseconds
 */
export async function load(url, { seconds, requests, connections, tokens }) {
  const latencies = []
  let finished = 0
  let next = 0
  const setupClient = (client) => {
    client.setHeaders({ authorization: `Bearer ${tokens[next % tokens.length]}` })
    next += 1
  }
  const run = autocannon({ url, connections, setupClient, duration: seconds, amount: requests, sampleInt: 10 })
  const started = performance.now()
  run.on('response', (_client, _status, _bytes, milliseconds) => {
    latencies.push(milliseconds)
    finished = performance.now()
  })
  const { '2xx': good, non2xx, errors, timeouts } = await run
  const failed = non2xx + errors + timeouts
  if (failed > 0) throw new Error(`${url} answered ${good} requests, and failed ${failed}`)
  // A time in which not even every connection had its answer says nothing.
  if (good < connections) return load(url, { seconds: seconds * 2, requests, connections, tokens })
  return {
    requests: latencies.length,
    throughput: latencies.length / ((finished - started) / 1_000),
    p99: quantile(latencies, 0.99),
  }
}
