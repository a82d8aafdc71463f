// One of several processes of an API, with or without a store that they share.
import { createZitadelAuth } from '@org/zitadel-auth'
import { createRedisStore } from '@org/zitadel-auth/redis'
import { createClient } from 'redis'
import { concurrently } from '../lib/concurrently.mjs'
import { answerQuestions, readArgument } from '../lib/processes.mjs'

const { issuer, key, port } = readArgument()
const store = port === undefined ? undefined : await createStore()
const logger = { warn() {}, error: console.error }
const auth = createZitadelAuth({ domain: issuer, key, logger, cache: { store } })

answerQuestions('ready', {
  /** CPU in microseconds for each token, threads included. */
  async request({ tokens, concurrency }) {
    const before = process.cpuUsage()
    await concurrently(tokens, concurrency, (token) => auth.authenticateToken(token))
    const { user, system } = process.cpuUsage(before)
    // What is written for others has been written when this has been read.
    await store?.untilWritten()
    return (user + system) / tokens.length
  },
})

async function createStore() {
  const client = await createClient({ socket: { port, host: '127.0.0.1' } })
    .on('error', () => {})
    .connect()
  return Object.assign(createRedisStore({ sendCommand: (args) => client.sendCommand(args) }), {
    untilWritten: () =>
      Promise.race([client.ping().catch(() => {}), new Promise((resolve) => setTimeout(resolve, 100))]),
  })
}
