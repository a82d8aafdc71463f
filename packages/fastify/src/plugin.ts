import type { Requirement, ZitadelAuth } from '@org/zitadel-auth'
import type { FastifyInstance, FastifyPluginAsync, onRequestHookHandler } from 'fastify'
import { requireReleased } from './holds.js'
import { createHook, type HookOptions } from './hooks.js'
import { type RouteAuthorization, readRouteAuthorization } from './route.js'
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
  require(requirement?: Requirement<RegisteredRole>): onRequestHookHandler
  /**
   * Lets requests without credentials pass too. Bad credentials are refused.
   *
   * @throws {TypeError} at start-up, when the requirement is empty or malformed
   */
  optional(requirement?: Requirement<RegisteredRole>): onRequestHookHandler
}

/**
 * The plugin: `await app.register(zitadelAuth, { auth })`. Routes then ask for authorization in their `config`, or by a
 * hook from `app.authorization`. It protects the scope that registers it and every scope inside, also routes and scopes
 * that were there before; a route outside is not protected, whatever its `config` says.
 *
 * @throws {TypeError} at start-up, when the name is taken, or a route's requirement is empty or malformed
 */
export const zitadelAuth: FastifyPluginAsync<ZitadelAuthPluginOptions> = async (app, options) => {
  const { name = 'authorization' } = options
  requireFreeName(app, name)
  const hooks = createHooks(options, name)
  const findHook = rememberHooks(hooks)

  app.decorateRequest(name, null)
  app.decorate(name, hooks)
  // This is only a check, so that a malformed requirement keeps the application from starting.
  app.addHook('onRoute', (route) => {
    const authorization = readRouteAuthorization(route, name)
    if (typeof authorization === 'object') hooks.require(authorization)
  })
  // The route is read again with each request: another onRoute hook may have changed it, and a route that was defined
  // before the plugin was loaded has not been checked.
  app.addHook('onRequest', function (request, reply, done) {
    const authorization = readRouteAuthorization(request.routeOptions, name)
    if (authorization === undefined) done()
    else findHook(authorization).call(this, request, reply, done)
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

/** Finds the hook for what a route asks for. A requirement is read once, and each request pays a look-up. */
function rememberHooks(
  hooks: AuthorizationHooks,
): (authorization: RouteAuthorization<RegisteredRole>) => onRequestHookHandler {
  const required = hooks.require()
  const optional = hooks.optional()
  const remembered = new WeakMap<Requirement<RegisteredRole>, onRequestHookHandler>()
  return (authorization) => {
    if (authorization === true) return required
    if (authorization === 'optional') return optional
    const known = remembered.get(authorization)
    if (known !== undefined) return known
    const hook = hooks.require(authorization)
    remembered.set(authorization, hook)
    return hook
  }
}

function requireFreeName(app: FastifyInstance, name: string): void {
  if (!app.hasDecorator(name) && !app.hasRequestDecorator(name)) return
  throw new TypeError(
    `the name "${name}" is taken: register zitadelAuth once, or give the second one a name of its own`,
  )
}
