import { createServer } from 'node:http'
import { requireAuthorization } from '@org/zitadel-auth-express'
import compression from 'compression'
import express5, { type Express, type RequestHandler } from 'express'
import session, { type SessionData, Store } from 'express-session'
import express4 from 'express4'
import { type Application, listen } from '../application.js'
import { type CreateExpress, createBehind, deferEnd, observe } from '../express-behind.js'
import { exchangeHeader, type Journal } from '../journal.js'
import { logIn } from './log-in.js'
import { common, type Plugin } from './plugin.js'
import { addedDelays, storeDelays } from './plugin-delays.js'
import { createSlowStore, type SlowStore } from './slow-store.js'

declare module 'express-session' {
  interface SessionData {
    exchange?: string
  }
}

const plugins: readonly Plugin<Express>[] = [
  { name: 'express-session', delays: storeDelays, install: useSession },
  { name: 'express-session and a store that fails', delays: storeDelays, failsToAnswer: true, install: useSession },
  {
    name: 'compression',
    delays: addedDelays,
    // It drops what it compresses when the client has gone.
    mayForget: ({ isAnswered }) => !isAnswered,
    install(app, journal) {
      app.use(deferEnd(journal)).use(compression({ threshold: 0 }))
      return undefined
    },
  },
  {
    name: 'compression around express-session',
    delays: storeDelays,
    install(app, journal) {
      app.use(compression({ threshold: 0 }))
      return useSession(app, journal)
    },
  },
  {
    name: 'a log that takes writeHead over and returns nothing',
    delays: addedDelays,
    install(app, journal) {
      app.use(deferEnd(journal)).use(logStatus)
      return undefined
    },
  },
]

/** Express with what people put in front of their routes, and what finishes responses late or in its own way. */
export const expressPluginApplications: readonly Application[] = [
  ...plugins.map((plugin) => createApplication('Express 4', express4, plugin)),
  ...plugins.map((plugin) => createApplication('Express 5', express5, plugin)),
]

function createApplication(
  version: string,
  express: CreateExpress,
  { name, install, ...rest }: Plugin<Express>,
): Application {
  return {
    name: `${version} with ${name}`,
    ...common,
    ...rest,
    async start(auth, journal) {
      const app = express()
      const { middleware, handler } = createBehind(journal)
      app.use(observe(journal))
      const store = install(app, journal)
      app.all('/login', (_request, response) => void response.json({}))
      app.all('/', requireAuthorization(auth, { role: 'admin' }), middleware, handler)
      const running = await logIn(await listen(createServer(app)), journal)
      if (rest.failsToAnswer) store?.breakDown()
      return running
    },
  }
}

function useSession(app: Express, journal: Journal): SlowStore {
  const store = createSlowStore(journal)
  app.use(
    session({ store: new ExpressStore(store), secret: 'secret', resave: true, saveUninitialized: true, rolling: true }),
  )
  app.use((request, _response, next) => {
    request.session.exchange = String(request.headers[exchangeHeader])
    next()
  })
  return store
}

class ExpressStore extends Store {
  readonly #store: SlowStore
  constructor(store: SlowStore) {
    super()
    this.#store = store
  }
  override get(id: string, done: (error: unknown, session?: SessionData) => void): void {
    this.#store.get(id, (error, found) => done(error, found as SessionData | undefined))
  }
  override set(id: string, changed: SessionData, done: (error?: unknown) => void): void {
    this.#store.set(id, changed, done)
  }
  override destroy(id: string, done: (error?: unknown) => void): void {
    this.#store.destroy(id, done)
  }
}

/** As the `connectLogger` of log4js does. */
const logStatus: RequestHandler = (_request, response, next) => {
  const { writeHead } = response
  response.writeHead = ((...given: Parameters<typeof writeHead>): void => {
    response.writeHead = writeHead
    response.writeHead(...given)
  }) as typeof writeHead
  next()
}
