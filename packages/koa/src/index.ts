/**
 * Middleware for Koa 2 and 3 that accepts ZITADEL's access tokens. Start with {@link requireAuthorization}, and read
 * the caller with {@link getAuthorization}.
 *
 * @module @org/zitadel-auth-koa
 */

// In the order of the reference: what one looks up first.

export { requireAuthorization } from './middleware.js'

// Who makes a request, and what they need.

export { getAuthorization } from './authorization.js'

// Further checks, and requests that may be anonymous.

export { authorize, getOptionalAuthorization } from './authorization.js'
export { authorizationErrorHandler, optionalAuthorization } from './middleware.js'
export { resourceMetadata } from './resource-metadata.js'
export { revocationEndpoint } from './revocation.js'

// The types of handlers.

export type {
  AuthorizedContext,
  AuthorizedState,
  OptionallyAuthorizedContext,
  OptionallyAuthorizedState,
} from './authorization.js'
export type { RequirementRequest } from './middleware.js'
