/**
 * Hono middleware that accepts ZITADEL's tokens.
 *
 * @packageDocumentation
 */

export { authorize, getAuthorization, getOptionalAuthorization } from './hono/authorization.js'
export type {
  AuthorizedEnv,
  OptionallyAuthorizedEnv,
  RequirementContext,
} from './hono/environment.js'
export { optionalAuthorization, requireAuthorization } from './hono/middleware.js'
export { refuse } from './hono/refuse.js'
export { resourceMetadata } from './hono/resource-metadata.js'
export { revocationEndpoint } from './hono/revocation.js'
