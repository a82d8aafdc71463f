import autocannon from 'autocannon'
import { answerQuestions, readArgument } from '../lib/processes.mjs'
import { quantile } from '../lib/statistics.mjs'

const { url, seconds, connections, tokens, isPinned } = readArgument()
const latencies = []
let finished = 0
let next = 0

// On a core of its own it looks for answers without ever going to sleep: a write to one who sleeps pays for waking it.
if (isPinned) spin()

const run = autocannon({ url, connections, duration: seconds, sampleInt: 10, setupClient })
const started = performance.now()
run.on('response', (_client, _status, _bytes, milliseconds) => {
  latencies.push(milliseconds)
  finished = performance.now()
})
const { non2xx, errors, timeouts } = await run

answerQuestions({
  requests: latencies.length,
  failed: non2xx + errors + timeouts,
  seconds: (finished - started) / 1_000,
  p99: latencies.length === 0 ? 0 : quantile(latencies, 0.99),
})

function setupClient(client) {
  client.setHeaders({ authorization: `Bearer ${tokens[next % tokens.length]}` })
  next += 1
}

function spin() {
  setImmediate(spin)
}
