// One of several processes of an API, which a test tells what to do. Its time is that of the machine, and moves on when it is told to.
import { createZitadelAuth } from '@org/zitadel-auth'
import { createRedisStore } from '@org/zitadel-auth/redis'
import { createClient } from 'redis'

const { port, auth: options } = JSON.parse(process.argv[2])
let aheadMs = 0
const clock = { now: () => Date.now() + aheadMs, elapsed: () => performance.now() + aheadMs }
const client = createClient({ socket: { port, host: '127.0.0.1' } }).on('error', () => {})
const subscriber = client.duplicate().on('error', () => {})
await Promise.all([client.connect(), subscriber.connect()])

const auth = createZitadelAuth({
  ...options,
  clock,
  logger: { warn() {}, error() {} },
  cache: {
    store: createRedisStore({
      sendCommand: (args) => client.sendCommand(args),
      subscribe: (channel, listener) => subscriber.subscribe(channel, listener),
    }),
  },
})
// Signs before its time moves on: ZITADEL believes no assertion from the future, and who finds an answer in the store has signed none.
await auth.ready()

const answers = {
  ask: async ({ token }) => {
    try {
      return (await auth.authenticateToken(token)).userId
    } catch (error) {
      return error.code
    }
  },
  forget: async ({ target }) => auth.forget(target),
  advance: async ({ seconds }) => {
    aheadMs += seconds * 1_000
  },
}

process.on('message', async ({ id, what, ...parameters }) => {
  process.send({ id, answer: (await answers[what](parameters)) ?? null })
})
process.on('disconnect', () => process.exit())
process.send({ id: 0 })
