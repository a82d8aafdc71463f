/**
 * Koa middleware that accepts ZITADEL's tokens.
 *
 * @packageDocumentation
 */

export {
  type AuthorizedState,
  authorize,
  getAuthorization,
  getOptionalAuthorization,
  type OptionallyAuthorizedState,
} from './authorization.js'
export {
  authorizationErrorHandler,
  type MiddlewareOptions,
  optionalAuthorization,
  requireAuthorization,
} from './middleware.js'
