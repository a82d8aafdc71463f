/**
 * A plugin for Fastify 5 that accepts ZITADEL's access tokens. Register {@link zitadelAuth}, and read the caller with
 * {@link getAuthorization}.
 *
 * @module @org/zitadel-auth-fastify
 */

// In the order of the reference: what one looks up first.

export { type ZitadelAuthPluginOptions, zitadelAuth } from './plugin.js'

// Who makes a request, and what a route needs.

export { getAuthorization, getOptionalAuthorization } from './authorization.js'
export type { RouteAuthorization } from './declared-routes.js'

// Hooks and routes.

export { authorizationErrorHandler, type HookOptions, optionalAuthorization, requireAuthorization } from './hook.js'
export { type OpenApiTransformOptions, openApiTransform } from './openapi.js'
export { resourceMetadata } from './resource-metadata.js'
export { revocationEndpoint } from './revocation.js'

// Types that an application declares, and those for the compiler.

export type { ApplicationTypes, RegisteredRole } from './application-types.js'
export type { AnyRequest, AuthorizationHook, RequirementRequest } from './hook.js'
export type { DescribedRoute, TransformedRoute } from './openapi.js'
export type { AnyReply } from './write.js'
