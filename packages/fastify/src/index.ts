/**
 * Fastify plugin that accepts ZITADEL's tokens.
 *
 * @packageDocumentation
 */

export type { ApplicationTypes, RegisteredRole } from './application-types.js'
export { getAuthorization, getOptionalAuthorization } from './authorization.js'
export type { RouteAuthorization } from './declared-routes.js'
export {
  type AnyRequest,
  type AuthorizationHook,
  authorizationErrorHandler,
  type HookOptions,
  optionalAuthorization,
  type RequirementRequest,
  requireAuthorization,
} from './hook.js'
export {
  type DescribedRoute,
  type OpenApiTransformOptions,
  openApiTransform,
  type TransformedRoute,
} from './openapi.js'
export { type ZitadelAuthPluginOptions, zitadelAuth } from './plugin.js'
export { resourceMetadata } from './resource-metadata.js'
export { revocationEndpoint } from './revocation.js'
export type { AnyReply } from './write.js'
