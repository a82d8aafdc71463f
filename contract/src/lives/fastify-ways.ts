import type { ZitadelAuth } from '@org/zitadel-auth'
import {
  authorizationErrorHandler,
  optionalAuthorization,
  requireAuthorization,
  zitadelAuth,
} from '@org/zitadel-auth-fastify'
import type { FastifyInstance } from 'fastify'
import { badToken, type Credentials, missingRole, noToken, zitadelDown } from './credentials.js'
import type { Behind } from './fastify-behind.js'

/** A way to protect a route. */
export interface Way {
  readonly name: string
  readonly refuses: readonly Credentials[]
  /** Whether bodies are read before the guard begins. */
  readonly readsBodyFirst?: true
  protect(app: FastifyInstance, auth: ZitadelAuth, behind: Behind): Promise<void>
}

const admin = { role: 'admin' }
// Where a route has a hook of its own, the plugin is not to protect it as well.
const byHooksOnly = { undeclared: 'public' } as const

export const fastifyWays: readonly Way[] = [
  {
    name: 'no config at all',
    refuses: [noToken, badToken, zitadelDown],
    async protect(app, auth, { hooks, handler }) {
      await app.register(zitadelAuth, { auth })
      app.all('/', hooks, handler)
    },
  },
  {
    name: 'config.authorization: a function of the request',
    refuses: [noToken, badToken, missingRole, zitadelDown],
    async protect(app, auth, { hooks, handler }) {
      await app.register(zitadelAuth, { auth })
      app.all('/', { config: { authorization: async () => admin }, ...hooks }, handler)
    },
  },
  {
    name: 'config.authorization: true',
    refuses: [noToken, badToken, zitadelDown],
    async protect(app, auth, { hooks, handler }) {
      await app.register(zitadelAuth, { auth })
      app.all('/', { config: { authorization: true }, ...hooks }, handler)
    },
  },
  {
    name: 'config.authorization: requirement',
    refuses: [noToken, badToken, missingRole, zitadelDown],
    async protect(app, auth, { hooks, handler }) {
      await app.register(zitadelAuth, { auth })
      app.all('/', { config: { authorization: admin }, ...hooks }, handler)
    },
  },
  {
    name: 'onRequest: requireAuthorization(auth, requirement)',
    refuses: [noToken, badToken, missingRole, zitadelDown],
    async protect(app, auth, { hooks, handler }) {
      await app.register(zitadelAuth, { auth, ...byHooksOnly })
      app.all('/', { onRequest: requireAuthorization(auth, admin), ...hooks }, handler)
    },
  },
  {
    name: 'onRequest: optionalAuthorization(auth, requirement)',
    refuses: [badToken, missingRole, zitadelDown],
    async protect(app, auth, { hooks, handler }) {
      await app.register(zitadelAuth, { auth, ...byHooksOnly })
      app.all('/', { onRequest: optionalAuthorization(auth, admin), ...hooks }, handler)
    },
  },
  {
    name: "scope.addHook('onRequest', requireAuthorization(auth, requirement))",
    refuses: [noToken, badToken, missingRole, zitadelDown],
    async protect(app, auth, { hooks, handler }) {
      await app.register(zitadelAuth, { auth, ...byHooksOnly })
      await app.register(async (scope) => {
        scope.addHook('onRequest', requireAuthorization(auth, admin))
        scope.all('/', hooks, handler)
      })
    },
  },
  {
    // Later than it should be, and just as tight.
    name: 'preHandler: requireAuthorization(auth, requirement)',
    readsBodyFirst: true,
    refuses: [noToken, badToken, missingRole, zitadelDown],
    async protect(app, auth, { hooks, handler }) {
      await app.register(zitadelAuth, { auth, ...byHooksOnly })
      app.all('/', { preHandler: [requireAuthorization(auth, admin), hooks.preHandler] }, handler)
    },
  },
  {
    name: 'config.authorization: requirement and authorizationErrorHandler(auth)',
    refuses: [noToken, badToken, missingRole, zitadelDown],
    async protect(app, auth, { hooks, handler }) {
      await app.register(zitadelAuth, { auth, onRefusal: 'throw' })
      app.setErrorHandler(authorizationErrorHandler(auth))
      app.all('/', { config: { authorization: admin }, ...hooks }, handler)
    },
  },
]
