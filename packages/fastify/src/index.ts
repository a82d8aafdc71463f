/**
 * Fastify plugin that accepts ZITADEL's tokens.
 *
 * @packageDocumentation
 */

export { getAuthorization } from './authorization.js'
export { authorizationErrorHandler, type HookOptions } from './hooks.js'
export { type AuthorizationHooks, type ZitadelAuthPluginOptions, zitadelAuth } from './plugin.js'
export type { RouteAuthorization } from './route.js'
export type { ApplicationTypes, RegisteredRole } from './types.js'
