// Run by tests in a process of its own: asks for what is at a URL and says what came of it. Its end is left to Node.js.
import process from 'node:process'
import { systemClock } from '../../src/internal/clock.js'
import { createFetchJson } from '../../src/provider/fetch-json.js'
import { createNodeTransport } from '../../src/provider/transport/node-transport.js'

const [url = ''] = process.argv.slice(2)
const fetchJson = createFetchJson({ transport: createNodeTransport(), timeoutMs: 10_000, clock: systemClock })

function say(said: object): void {
  process.stdout.write(JSON.stringify(said))
}

fetchJson(new URL(url), { method: 'GET' }).then(say, ({ reason }) => say({ reason }))
