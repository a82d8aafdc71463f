/**
 * Accepts ZITADEL's access tokens wherever a `Request` of the Fetch API arrives: Next.js, Cloudflare Workers, Bun, Deno
 * and other runtimes. Start with {@link protect} for a handler, or {@link requireAuthorization} for anything else.
 *
 * @module @org/zitadel-auth-fetch
 */

// In the order of the reference: what one looks up first.

export { protect } from './protect.js'

// Gates.

export { requireAuthorization } from './gate.js'

// Who makes a request, and what they need.

export { authorize, getAuthorization, getOptionalAuthorization } from './authorization.js'
export { type Gate, optionalAuthorization } from './gate.js'
export type { RequestLifetime } from './outlive.js'

// Responses.

export type { EndpointHandler } from './endpoint.js'
export { refuse } from './refuse.js'
export { resourceMetadata } from './resource-metadata.js'
export { revocationEndpoint } from './revocation.js'
