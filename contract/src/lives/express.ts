import { createServer } from 'node:http'
import type { ZitadelAuth } from '@org/zitadel-auth'
import { authorizationErrorHandler, optionalAuthorization, requireAuthorization } from '@org/zitadel-auth-express'
import express5, { type Express } from 'express'
import express4 from 'express4'
import { type Application, listen } from './application.js'
import { badToken, type Credentials, missingRole, noToken, zitadelDown } from './credentials.js'
import { delays } from './delay.js'
import { type Behind, type CreateExpress, createBehind, deferEnd, observe } from './express-behind.js'
import { http1 } from './http1.js'

/** A way to protect a route. */
interface Way {
  readonly name: string
  readonly refuses: readonly Credentials[]
  protect(app: Express, auth: ZitadelAuth, behind: Behind, express: CreateExpress): void
}

const admin = { role: 'admin' }
const forward = { onRefusal: 'throw' } as const

const ways: readonly Way[] = [
  {
    name: 'app.use(requireAuthorization(auth))',
    refuses: [noToken, badToken, zitadelDown],
    protect: (app, auth, { middleware, handler }) =>
      app.use(requireAuthorization(auth)).use(middleware).all('/', handler),
  },
  {
    name: 'requireAuthorization(auth, requirement) on a route',
    refuses: [noToken, badToken, missingRole, zitadelDown],
    protect: (app, auth, { middleware, handler }) =>
      app.all('/', requireAuthorization(auth, admin), middleware, handler),
  },
  {
    name: 'router.use(requireAuthorization(auth, requirement))',
    refuses: [noToken, badToken, missingRole, zitadelDown],
    protect: (app, auth, { middleware, handler }, { Router }) =>
      app.use(Router().use(requireAuthorization(auth, admin)).use(middleware).all('/', handler)),
  },
  {
    name: 'optionalAuthorization(auth, requirement) on a route',
    refuses: [badToken, missingRole, zitadelDown],
    protect: (app, auth, { middleware, handler }) =>
      app.all('/', optionalAuthorization(auth, admin), middleware, handler),
  },
  {
    name: 'requireAuthorization(auth, requirement) and authorizationErrorHandler(auth)',
    refuses: [noToken, badToken, missingRole, zitadelDown],
    protect: (app, auth, { middleware, handler }) =>
      app
        .all('/', requireAuthorization(auth, admin, forward), middleware, handler)
        .use(authorizationErrorHandler(auth)),
  },
]

/** Every Express, with every way to protect a route. */
export const expressApplications: readonly Application[] = [
  ...ways.map((way) => createApplication('Express 4', express4, way)),
  ...ways.map((way) => createApplication('Express 5', express5, way)),
]

function createApplication(version: string, express: CreateExpress, { name, refuses, protect }: Way): Application {
  return {
    name: `${version}, ${name}`,
    protocol: http1,
    ...{ refuses, delays },
    start(auth, journal) {
      const app = express()
      app.use(observe(journal)).use(deferEnd(journal))
      protect(app, auth, createBehind(journal), express)
      return listen(createServer(app))
    },
  }
}
