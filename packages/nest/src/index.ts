/**
 * A module for NestJS that accepts ZITADEL's access tokens: over HTTP, GraphQL, gRPC and WebSockets. Start with
 * {@link ZitadelAuthModule}, and say what handlers need with {@link Authorize} and {@link Public}.
 *
 * @module @org/zitadel-auth-nest
 */

// In the order of the reference: what one looks up first.

export {
  ZITADEL_AUTH,
  ZitadelAuthModule,
  type ZitadelAuthModuleAsyncOptions,
  type ZitadelAuthModuleOptions,
} from './module.js'

// What handlers need.

export { Authorize, type HandlerRequirement, OptionalAuthorization, Public, Roles } from './decorators.js'

// Who calls.

export { Authorization, getAuthorization, getOptionalAuthorization } from './authorization.js'

// Guards of their own, and filters.

export { RefusalFilter } from './filter.js'
export { optionalAuthorization, requireAuthorization } from './guard.js'
export { findAuthorizationError, RefusedException } from './refused-exception.js'

// Connections and routes.

export { rememberUpgradeRequest } from './calls/websocket.js'
export { authenticateConnection, type Connection } from './connection.js'
export { resourceMetadata } from './resource-metadata.js'
export { revocationEndpoint } from './revocation.js'

// Types that an application declares, and those for the compiler.

export type { ApplicationTypes, RegisteredRole } from './application-types.js'
export type { AuthorizationDecorator } from './decorators.js'
export type { Refuser } from './refused-exception.js'
