import { createServer as createHttp1Server, type Server } from 'node:http'
import { createServer as createHttp2Server } from 'node:http2'
import Router from '@koa/router'
import type { ZitadelAuth } from '@org/zitadel-auth'
import { authorizationErrorHandler, optionalAuthorization, requireAuthorization } from '@org/zitadel-auth-koa'
import Koa3, { type Middleware } from 'koa'
import Koa2 from 'koa2'
import { type Application, listen } from './application.js'
import { badToken, type Credentials, missingRole, noToken, zitadelDown } from './credentials.js'
import { delays } from './delay.js'
import { http1 } from './http1.js'
import { http2 } from './http2.js'
import { type Behind, createBehind, finishLate, observe } from './koa-behind.js'
import type { Protocol } from './protocol.js'

/** A way to protect a route. */
interface Way {
  readonly name: string
  readonly refuses: readonly Credentials[]
  protect(app: Koa3, auth: ZitadelAuth, behind: Behind): void
}

const admin = { role: 'admin' }
const forward = { onRefusal: 'throw' } as const

const ways: readonly Way[] = [
  {
    name: 'app.use(requireAuthorization(auth))',
    refuses: [noToken, badToken, zitadelDown],
    protect: (app, auth, { middleware, handler }) => {
      app.use(requireAuthorization(auth)).use(middleware).use(handler)
    },
  },
  {
    name: 'requireAuthorization(auth, requirement) on a route',
    refuses: [noToken, badToken, missingRole, zitadelDown],
    protect: (app, auth, { middleware, handler }) => {
      app.use(new Router().all('/', requireAuthorization(auth, admin), middleware, handler).routes() as Middleware)
    },
  },
  {
    name: 'router.use(requireAuthorization(auth, requirement))',
    refuses: [noToken, badToken, missingRole, zitadelDown],
    protect: (app, auth, { middleware, handler }) => {
      const router = new Router().use(requireAuthorization(auth, admin) as Middleware)
      app.use(router.use(middleware).all('/', handler).routes() as Middleware)
    },
  },
  {
    name: 'optionalAuthorization(auth, requirement) on a route',
    refuses: [badToken, missingRole, zitadelDown],
    protect: (app, auth, { middleware, handler }) => {
      app.use(new Router().all('/', optionalAuthorization(auth, admin), middleware, handler).routes() as Middleware)
    },
  },
  {
    name: 'requireAuthorization(auth, requirement) and authorizationErrorHandler(auth)',
    refuses: [noToken, badToken, missingRole, zitadelDown],
    protect: (app, auth, { middleware, handler }) => {
      const guard = requireAuthorization(auth, admin, forward) as Middleware
      app.use(authorizationErrorHandler(auth)).use(guard).use(middleware).use(handler)
    },
  },
]

/** Every Koa, with every way to protect a route. */
export const koaApplications: readonly Application[] = ways.flatMap((way) => [
  createApplication('Koa 2', Koa2, way, http1),
  createApplication('Koa 3', Koa3, way, http1),
  createApplication('Koa 3 over HTTP/2', Koa3, way, http2),
])

function createApplication(version: string, Koa: typeof Koa3, way: Way, protocol: Protocol): Application {
  return {
    name: `${version}, ${way.name}`,
    protocol,
    refuses: way.refuses,
    delays,
    start(auth, journal) {
      const app = new Koa()
      app.silent = true
      app.use(observe(journal)).use(finishLate(journal))
      way.protect(app, auth, createBehind(journal))
      return listen(createServer(app, protocol))
    },
  }
}

function createServer(app: Koa3, protocol: Protocol): Server {
  const handle = app.callback()
  // Koa takes the requests of HTTP/2 as they are, and has no types for them.
  return protocol === http2 ? (createHttp2Server(handle as never) as unknown as Server) : createHttp1Server(handle)
}
