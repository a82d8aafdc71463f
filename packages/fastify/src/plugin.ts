import type { Requirement, ZitadelAuth } from '@org/zitadel-auth'
import type { FastifyInstance, FastifyPluginAsync, onRequestAsyncHookHandler, RouteOptions } from 'fastify'
import { createHook, type HookOptions } from './hooks.js'
import { readRouteAuthorization } from './route.js'
import type { ApplicationTypes, RegisteredRole } from './types.js'

/** What {@link zitadelAuth} takes. */
export interface ZitadelAuthPluginOptions extends HookOptions {
  /** From `createZitadelAuth`. */
  readonly auth: ZitadelAuth<ApplicationTypes> | ZitadelAuth
  /**
   * The name of everything the plugin adds: `request[name]`, `app[name]` and `config[name]`. A second issuer needs one of
   * its own. Default: `authorization`.
   */
  readonly name?: string
}

/** Hooks for `onRequest` of a route, or of a whole scope by `addHook`. */
export interface AuthorizationHooks {
  /**
   * Lets requests with a good token pass, and of those the ones that meet the requirement.
   *
   * @throws {TypeError} at start-up, when the requirement is empty or malformed
   */
  require(requirement?: Requirement<RegisteredRole>): onRequestAsyncHookHandler
  /**
   * Lets requests without credentials pass too. Bad credentials are refused.
   *
   * @throws {TypeError} at start-up, when the requirement is empty or malformed
   */
  optional(requirement?: Requirement<RegisteredRole>): onRequestAsyncHookHandler
}

/**
 * The plugin: `await app.register(zitadelAuth, { auth })`. Routes then ask for authorization in their `config`, or by a
 * hook from `app.authorization`. What it adds is there for the whole application, not only for plugins inside it.
 *
 * @throws {TypeError} at start-up, when the name is taken, or a route's requirement is empty or malformed
 */
export const zitadelAuth: FastifyPluginAsync<ZitadelAuthPluginOptions> = async (app, options) => {
  const { name = 'authorization' } = options
  requireFreeName(app, name)
  const hooks = createHooks(options, name)
  const ours = new WeakSet<object>()

  app.decorateRequest(name, null)
  app.decorate(name, hooks)
  app.addHook('onRoute', (route) => {
    const present = [route.onRequest ?? []].flat()
    // Fastify makes a HEAD route out of a GET route that already has the hook.
    if (present.some((hook) => ours.has(hook))) return
    const hook = createRouteHook(route, name, hooks)
    if (hook === undefined) return
    ours.add(hook)
    route.onRequest = [hook, ...present]
  })
}

// What fastify-plugin does: without encapsulation the decorators reach the application that registers the plugin.
Object.assign(zitadelAuth, {
  [Symbol.for('skip-override')]: true,
  [Symbol.for('fastify.display-name')]: '@org/zitadel-auth-fastify',
  [Symbol.for('plugin-meta')]: { name: '@org/zitadel-auth-fastify', fastify: '5.x' },
})

function createHooks(options: ZitadelAuthPluginOptions, name: string): AuthorizationHooks {
  const auth = options.auth as ZitadelAuth
  return {
    require(requirement) {
      const required = auth.readRequirement(requirement)
      return createHook(auth, name, (header) => auth.authenticate(header, required), options)
    },
    optional(requirement) {
      const required = auth.readRequirement(requirement)
      return createHook(auth, name, (header) => auth.authenticateOptional(header, required), options)
    },
  }
}

function createRouteHook(
  route: RouteOptions,
  name: string,
  hooks: AuthorizationHooks,
): onRequestAsyncHookHandler | undefined {
  const authorization = readRouteAuthorization(route, name)
  if (authorization === undefined) return undefined
  if (authorization === 'optional') return hooks.optional()
  return authorization === true ? hooks.require() : hooks.require(authorization as Requirement<RegisteredRole>)
}

function requireFreeName(app: FastifyInstance, name: string): void {
  if (!app.hasDecorator(name) && !app.hasRequestDecorator(name)) return
  throw new TypeError(
    `the name "${name}" is taken: register zitadelAuth once, or give the second one a name of its own`,
  )
}
