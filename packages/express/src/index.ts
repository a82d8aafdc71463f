/**
 * Middleware for Express 4 and 5 that accepts ZITADEL's access tokens. Start with {@link requireAuthorization}, and
 * read the caller with {@link getAuthorization}.
 *
 * @module @org/zitadel-auth-express
 */

// In the order of the reference: what one looks up first.

export { requireAuthorization } from './middleware.js'

// Who makes a request.

export { getAuthorization } from './authorization.js'

// Requests that may be anonymous.

export { getOptionalAuthorization } from './authorization.js'
export { authorizationErrorHandler, optionalAuthorization } from './middleware.js'
export { resourceMetadata } from './resource-metadata.js'
export { revocationEndpoint } from './revocation.js'

// The types of handlers.

export type {
  Authorized,
  AuthorizedRequest,
  OptionallyAuthorized,
  OptionallyAuthorizedRequest,
} from './authorization.js'
export type { AuthorizationMiddleware, RequirementRequest } from './middleware.js'
