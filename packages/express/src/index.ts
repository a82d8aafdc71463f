/**
 * Express middleware that accepts ZITADEL's tokens.
 *
 * @packageDocumentation
 */

export { getAuthorization, getOptionalAuthorization } from './authorization.js'
export {
  authorizationErrorHandler,
  type MiddlewareOptions,
  optionalAuthorization,
  requireAuthorization,
} from './middleware.js'
