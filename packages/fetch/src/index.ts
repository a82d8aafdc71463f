/**
 * Accepts ZITADEL's tokens wherever a `Request` of the Fetch API arrives.
 *
 * @packageDocumentation
 */

export { authorize, getAuthorization, getOptionalAuthorization } from './authorization.js'
export type { EndpointHandler } from './endpoint.js'
export { type Gate, optionalAuthorization, requireAuthorization } from './gate.js'
export type { RequestLifetime } from './outlive.js'
export { protect } from './protect.js'
export { refuse } from './refuse.js'
export { resourceMetadata } from './resource-metadata.js'
export { revocationEndpoint } from './revocation.js'
