/**
 * Koa middleware that accepts ZITADEL's tokens.
 *
 * @packageDocumentation
 */

export {
  type AuthorizedContext,
  type AuthorizedState,
  authorize,
  getAuthorization,
  getOptionalAuthorization,
  type OptionallyAuthorizedContext,
  type OptionallyAuthorizedState,
} from './authorization.js'
export {
  authorizationErrorHandler,
  optionalAuthorization,
  type RequirementRequest,
  requireAuthorization,
} from './middleware.js'
export { resourceMetadata } from './resource-metadata.js'
export { revocationEndpoint } from './revocation.js'
