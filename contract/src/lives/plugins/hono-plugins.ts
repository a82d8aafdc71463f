import type { Server } from 'node:http'
import { createAdaptorServer } from '@hono/node-server'
import { requireAuthorization } from '@org/zitadel-auth-fetch/hono'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { compress } from 'hono/compress'
import { contextStorage } from 'hono/context-storage'
import { etag } from 'hono/etag'
import { secureHeaders } from 'hono/secure-headers'
import { timeout } from 'hono/timeout'
import { type Application, listen } from '../application.js'
import { createBehind, finishLate, type NodeEnv, observe } from '../hono-behind.js'
import { common, type Plugin } from './plugin.js'
import { addedDelays } from './plugin-delays.js'

const plugins: readonly Plugin<Hono<NodeEnv>, void>[] = [
  {
    name: 'compress',
    delays: addedDelays,
    install: (app, journal) => void app.use(finishLate(journal), compress({ threshold: 0 })),
  },
  {
    name: 'etag, secureHeaders and contextStorage',
    delays: addedDelays,
    install: (app, journal) => void app.use(finishLate(journal), etag(), secureHeaders(), contextStorage()),
  },
  {
    name: 'timeout and bodyLimit',
    delays: addedDelays,
    install: (app, journal) => void app.use(finishLate(journal), timeout(60_000), bodyLimit({ maxSize: 1_000 })),
  },
]

/** Hono with what comes with it and stands in front of routes. */
export const honoPluginApplications: readonly Application[] = plugins.map(({ name, install, ...rest }) => ({
  name: `Hono 4 with ${name}`,
  ...common,
  ...rest,
  start(auth, journal) {
    const app = new Hono<NodeEnv>()
    app.use(observe(journal))
    install(app, journal)
    const { middleware, handler } = createBehind(journal)
    app
      .use(requireAuthorization(auth, { role: 'admin' }))
      .use(middleware)
      .all('/', handler)
    return listen(createAdaptorServer({ fetch: app.fetch as never }) as Server)
  },
}))
