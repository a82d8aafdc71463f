import type { ZitadelAuth } from '@org/zitadel-auth'
import { type RefusalOptions, readRefusalOptions } from '@org/zitadel-auth/adapter'
import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import type { ApplicationTypes } from './application-types.js'
import { createFindHook } from './declared-routes.js'
import { requireReleased } from './holds.js'
import { defaultName } from './hook.js'

/** The options of {@link zitadelAuth}. */
export interface ZitadelAuthPluginOptions extends RefusalOptions {
  /** From `createZitadelAuth`. */
  readonly auth: ZitadelAuth<ApplicationTypes> | ZitadelAuth
  /**
   * The name of what the plugin adds: `request[name]` and `config[name]`. A second ZITADEL needs another name.
   *
   * @defaultValue `'authorization'`
   */
  readonly name?: string
  /**
   * What a route without `config.authorization` needs: `true` for a valid token, or `'public'` for nothing.
   *
   * @defaultValue `true`
   */
  readonly undeclared?: true | 'public'
}

/**
 * The plugin. All routes of the scope that registers it, and of the scopes inside, need a valid token, including routes
 * that were defined before. A route that needs something else says so in `config.authorization`: `'public'`,
 * `'optional'`, or a requirement. Unknown paths stay 404.
 *
 * @throws `TypeError`: at startup, when the name is taken, an option is unknown, or what a route declares is malformed
 *
 * @example
 * ```ts
 * import { zitadelAuth } from '@org/zitadel-auth-fastify'
 * import Fastify from 'fastify'
 *
 * const app = Fastify()
 * await app.register(zitadelAuth, { auth })
 * app.get('/health', { config: { authorization: 'public' } }, async () => 'ok')
 * app.get('/tasks', async () => ['a task'])
 * app.delete('/tasks', { config: { authorization: { role: 'admin' } } }, async () => ({ deleted: true }))
 * ```
 */
export const zitadelAuth: FastifyPluginAsync<ZitadelAuthPluginOptions> = async (app, options) => {
  const { name, undeclared, onRefusal } = readPluginOptions(options)
  requireFreeName(app, name)
  const auth = options.auth as ZitadelAuth
  const findHook = createFindHook(auth, { name, undeclared, onRefusal })
  // A mistake in auth is one of the registration, and not of some route.
  findHook({})

  app.decorateRequest(name, null)
  // This is only a check, so that a malformed requirement keeps the application from starting. It must not be remembered:
  // another onRoute hook may still change what it has read.
  app.addHook('onRoute', (route) => void createFindHook(auth, { name, undeclared, onRefusal })(route))
  app.addHook('onRequest', (request, reply, done) => {
    const hook = request.is404 ? undefined : findHook(request.routeOptions)
    if (hook === undefined) done()
    else hook(request, reply, done)
  })
  app.addHook('preHandler', (request, _reply, done) => {
    requireReleased(request)
    done()
  })
}

// What fastify-plugin does: without encapsulation the decorators reach the application that registers the plugin.
Object.assign(zitadelAuth, {
  [Symbol.for('skip-override')]: true,
  [Symbol.for('fastify.display-name')]: '@org/zitadel-auth-fastify',
  [Symbol.for('plugin-meta')]: { name: '@org/zitadel-auth-fastify', fastify: '5.x' },
})

function readPluginOptions(options: ZitadelAuthPluginOptions) {
  const { onRefusal } = readRefusalOptions(options, ['auth', 'name', 'undeclared'])
  const { name = defaultName, undeclared = true } = options
  if (typeof name !== 'string' || name === '') throw new TypeError('name is a text that is not empty')
  if (undeclared !== true && undeclared !== 'public') throw new TypeError("undeclared is true or 'public'")
  return { name, undeclared, onRefusal }
}

function requireFreeName(app: FastifyInstance, name: string): void {
  if (!app.hasRequestDecorator(name)) return
  throw new TypeError(
    `the name "${name}" is taken: register zitadelAuth once, or give the second one a name of its own`,
  )
}
