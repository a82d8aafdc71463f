/**
 * Middleware for Hono that accepts ZITADEL's access tokens. Start with {@link requireAuthorization}, and read the
 * caller with {@link getAuthorization}.
 *
 * @module @org/zitadel-auth-fetch/hono
 */

// In the order of the reference: what one looks up first.

export { requireAuthorization } from './hono/middleware.js'

// Who makes a request.

export { getAuthorization } from './hono/authorization.js'

// Everything else.

export { authorize, getOptionalAuthorization } from './hono/authorization.js'
export type { AuthorizedEnv, OptionallyAuthorizedEnv, RequirementContext } from './hono/environment.js'
export { optionalAuthorization } from './hono/middleware.js'
export { refuse } from './hono/refuse.js'
export { resourceMetadata } from './hono/resource-metadata.js'
export { revocationEndpoint } from './hono/revocation.js'
