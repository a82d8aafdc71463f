import compress from '@fastify/compress'
import cookie from '@fastify/cookie'
import session from '@fastify/session'
import { zitadelAuth } from '@org/zitadel-auth-fastify'
import type { FastifyInstance } from 'fastify'
import { type Application, listen } from '../application.js'
import { createBehind, createFastify, find, observe } from '../fastify-behind.js'
import { exchangeHeader, type Journal } from '../journal.js'
import { logIn } from './log-in.js'
import { common, type Plugin } from './plugin.js'
import { addedDelays, storeDelays } from './plugin-delays.js'
import { createSlowStore, type SlowStore } from './slow-store.js'

declare module 'fastify' {
  interface Session {
    exchange?: string
  }
}

const plugins: readonly Plugin<FastifyInstance, Promise<SlowStore | undefined>>[] = [
  { name: '@fastify/session', delays: storeDelays, install: useSession },
  { name: '@fastify/session and a store that fails', delays: storeDelays, failsToAnswer: true, install: useSession },
  { name: '@fastify/compress', delays: addedDelays, install: useCompress },
  {
    name: '@fastify/compress before @fastify/session',
    delays: storeDelays,
    async install(app, journal) {
      await app.register(compress, { threshold: 0 })
      return useSession(app, journal)
    },
  },
]

/** Fastify with what people register before their routes, and what finishes responses late. */
export const fastifyPluginApplications: readonly Application[] = plugins.map(({ name, install, ...rest }) => ({
  name: `Fastify 5 with ${name}`,
  ...common,
  ...rest,
  async start(auth, journal) {
    const app = createFastify('HTTP/1.1')
    const { hooks, handler } = createBehind(journal)
    observe(app, journal)
    const store = await install(app, journal)
    await app.register(zitadelAuth, { auth })
    app.all('/login', { config: { authorization: 'optional' } }, async () => ({}))
    app.all('/', { config: { authorization: { role: 'admin' } }, ...hooks }, handler)
    await app.ready()
    const running = await logIn(await listen(app.server), journal)
    if (rest.failsToAnswer) store?.breakDown()
    return running
  },
}))

async function useSession(app: FastifyInstance, journal: Journal): Promise<SlowStore> {
  const store = createSlowStore(journal)
  await app.register(cookie)
  await app.register(session, { secret: 'secret'.repeat(6), cookie: { secure: false }, store: store as never })
  app.addHook('onRequest', async (request) => {
    request.session.exchange = String(request.headers[exchangeHeader])
  })
  return store
}

async function useCompress(app: FastifyInstance, journal: Journal): Promise<undefined> {
  await app.register(compress, { threshold: 0 })
  app.addHook('onSend', (request, _reply, payload, done) => find(journal, request).answer(() => done(null, payload)))
}
