import { createServer } from 'node:http'
import { promisify } from 'node:util'
import { requireAuthorization } from '@org/zitadel-auth-koa'
import Koa3, { type Middleware } from 'koa'
import compress from 'koa-compress'
import session from 'koa-session'
import Koa2 from 'koa2'
import { type Application, listen } from '../application.js'
import { exchangeHeader, type Journal } from '../journal.js'
import { createBehind, finishLate, observe } from '../koa-behind.js'
import { logIn } from './log-in.js'
import { common, type Plugin } from './plugin.js'
import { addedDelays, storeDelays } from './plugin-delays.js'
import { createSlowStore, type Session, type SlowStore } from './slow-store.js'

const plugins: readonly Plugin<Koa3>[] = [
  { name: 'koa-session', delays: storeDelays, install: useSession },
  { name: 'koa-session and a store that fails', delays: storeDelays, failsToAnswer: true, install: useSession },
  {
    name: 'koa-compress',
    delays: addedDelays,
    install(app, journal) {
      app.use(finishLate(journal)).use(compress({ threshold: 0 }))
      return undefined
    },
  },
  {
    name: 'koa-compress around koa-session',
    delays: storeDelays,
    install(app, journal) {
      app.use(compress({ threshold: 0 }))
      return useSession(app, journal)
    },
  },
]

/** Koa with what people put in front of their routes, and what finishes responses late. */
export const koaPluginApplications: readonly Application[] = [
  ...plugins.map((plugin) => createApplication('Koa 2', Koa2, plugin)),
  ...plugins.map((plugin) => createApplication('Koa 3', Koa3, plugin)),
]

function createApplication(version: string, Koa: typeof Koa3, { name, install, ...rest }: Plugin<Koa3>): Application {
  return {
    name: `${version} with ${name}`,
    ...common,
    ...rest,
    async start(auth, journal) {
      const app = new Koa()
      app.silent = true
      app.use(observe(journal))
      const store = install(app, journal)
      const { middleware, handler } = createBehind(journal)
      app
        .use(answerLogin)
        .use(requireAuthorization(auth, { role: 'admin' }))
        .use(middleware)
        .use(handler)
      const running = await logIn(await listen(createServer(app.callback())), journal)
      if (rest.failsToAnswer) store?.breakDown()
      return running
    },
  }
}

const answerLogin: Middleware = (ctx, next) => {
  if (ctx.path !== '/login') return next()
  ctx.body = {}
  return undefined
}

function useSession(app: Koa3, journal: Journal): SlowStore {
  const store = createSlowStore(journal)
  const [get, set, destroy] = [promisify(store.get), promisify(store.set), promisify(store.destroy)]
  app.keys = ['secret']
  app.use(
    session(
      {
        store: {
          get: (id: string) => get(id),
          set: (id: string, changed: Session) => set(id, changed) as Promise<never>,
          destroy: (id: string) => destroy(id) as Promise<never>,
        },
      },
      app,
    ),
  )
  app.use((ctx, next) => {
    ctx['session'].exchange = ctx.get(exchangeHeader)
    return next()
  })
  return store
}
