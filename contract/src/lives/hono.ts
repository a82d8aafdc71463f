import type { Server } from 'node:http'
import { createServer } from 'node:http2'
import { createAdaptorServer } from '@hono/node-server'
import type { ZitadelAuth } from '@org/zitadel-auth'
import { optionalAuthorization, refuse, requireAuthorization } from '@org/zitadel-auth-fetch/hono'
import { Hono } from 'hono'
import { except } from 'hono/combine'
import { type Application, listen } from './application.js'
import { badToken, type Credentials, missingRole, noToken, zitadelDown } from './credentials.js'
import { delays } from './delay.js'
import { type Behind, createBehind, finishLate, type NodeEnv, observe } from './hono-behind.js'
import { http1 } from './http1.js'
import { http2 } from './http2.js'
import type { Protocol } from './protocol.js'

/** A way to protect a route. */
interface Way {
  readonly name: string
  readonly refuses: readonly Credentials[]
  protect(app: Hono<NodeEnv>, auth: ZitadelAuth, behind: Behind): void
}

const admin = { role: 'admin' }
const forward = { onRefusal: 'throw' } as const

const ways: readonly Way[] = [
  {
    name: 'app.use(requireAuthorization(auth))',
    refuses: [noToken, badToken, zitadelDown],
    protect: (app, auth, { middleware, handler }) => {
      app.use(requireAuthorization(auth)).use(middleware).all('/', handler)
    },
  },
  {
    name: 'requireAuthorization(auth, requirement) on a route',
    refuses: [noToken, badToken, missingRole, zitadelDown],
    protect: (app, auth, { middleware, handler }) => {
      app.all('/', requireAuthorization(auth, admin), middleware, handler)
    },
  },
  {
    name: 'app.route(path, app that uses requireAuthorization(auth, requirement))',
    refuses: [noToken, badToken, missingRole, zitadelDown],
    protect: (app, auth, { middleware, handler }) => {
      app.route('/', new Hono().use(requireAuthorization(auth, admin)).use(middleware).all('/', handler))
    },
  },
  {
    name: 'except(path, requireAuthorization(auth, requirement))',
    refuses: [noToken, badToken, missingRole, zitadelDown],
    protect: (app, auth, { middleware, handler }) => {
      app.use(except('/healthz', requireAuthorization(auth, admin)))
      app.use(middleware).all('/', handler)
    },
  },
  {
    name: 'optionalAuthorization(auth, requirement) on a route',
    refuses: [badToken, missingRole, zitadelDown],
    protect: (app, auth, { middleware, handler }) => {
      app.all('/', optionalAuthorization(auth, admin), middleware, handler)
    },
  },
  {
    name: 'requireAuthorization(auth, requirement) that throws',
    refuses: [noToken, badToken, missingRole, zitadelDown],
    protect: (app, auth, { middleware, handler }) => {
      app
        .use(requireAuthorization(auth, admin, forward))
        .use(middleware)
        .all('/', handler)
    },
  },
  {
    name: 'requireAuthorization(auth, requirement) and refuse(auth, error, c)',
    refuses: [noToken, badToken, missingRole, zitadelDown],
    protect: (app, auth, { middleware, handler }) => {
      app.onError((error, c) => refuse(auth, error, c) ?? c.text('', 500))
      app
        .use(requireAuthorization(auth, admin, forward))
        .use(middleware)
        .all('/', handler)
    },
  },
]

/** Hono, with every way to protect a route. */
export const honoApplications: readonly Application[] = ways.flatMap((way) => [
  createApplication('Hono 4', way, http1),
  createApplication('Hono 4 over HTTP/2', way, http2),
])

function createApplication(version: string, way: Way, protocol: Protocol): Application {
  return {
    name: `${version}, ${way.name}`,
    protocol,
    refuses: way.refuses,
    delays,
    start(auth, journal) {
      const app = new Hono<NodeEnv>()
      app.use(observe(journal)).use(finishLate(journal))
      way.protect(app, auth, createBehind(journal))
      return listen(createNodeServer(app, protocol))
    },
  }
}

function createNodeServer({ fetch }: Hono<NodeEnv>, protocol: Protocol): Server {
  // What it makes is a server of either protocol, and the lives need what both have.
  return createAdaptorServer(
    protocol === http2 ? { fetch: fetch as never, createServer } : { fetch: fetch as never },
  ) as Server
}
