/**
 * Express middleware that accepts ZITADEL's tokens.
 *
 * @packageDocumentation
 */

export {
  type Authorized,
  type AuthorizedRequest,
  getAuthorization,
  getOptionalAuthorization,
  type OptionallyAuthorized,
  type OptionallyAuthorizedRequest,
} from './authorization.js'
export {
  type AuthorizationMiddleware,
  authorizationErrorHandler,
  optionalAuthorization,
  type RequirementRequest,
  requireAuthorization,
} from './middleware.js'
export { resourceMetadata } from './resource-metadata.js'
export { revocationEndpoint } from './revocation.js'
