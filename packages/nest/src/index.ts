/**
 * NestJS module that accepts ZITADEL's tokens.
 *
 * @packageDocumentation
 */

export type { ApplicationTypes, RegisteredRole } from './application-types.js'
export { Authorization, getAuthorization, getOptionalAuthorization } from './authorization.js'
export { rememberUpgradeRequest } from './calls/websocket.js'
export { authenticateConnection, type Connection } from './connection.js'
export {
  type AuthorizationDecorator,
  Authorize,
  type HandlerRequirement,
  OptionalAuthorization,
  Public,
  Roles,
} from './decorators.js'
export { RefusalFilter } from './filter.js'
export { optionalAuthorization, requireAuthorization } from './guard.js'
export {
  ZITADEL_AUTH,
  ZitadelAuthModule,
  type ZitadelAuthModuleAsyncOptions,
  type ZitadelAuthModuleOptions,
} from './module.js'
export { findAuthorizationError, RefusedException, type Refuser } from './refused-exception.js'
export { resourceMetadata } from './resource-metadata.js'
export { revocationEndpoint } from './revocation.js'
