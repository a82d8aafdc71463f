/**
 * For authors of adapters: guards, their options, and endpoints that respond on their own. Applications do not need it.
 *
 * @module @org/zitadel-auth/adapter
 */

// In the order of the reference: guards first.

export { createGuard, type Guard, type GuardKind } from './adapter/guard.js'

// What routes declare, and options.

export { createDeclaredGuard, type Declaration } from './adapter/declaration.js'
export { requireKnownOptions } from './adapter/known-options.js'
export { type RefusalOptions, readRefusalOptions } from './adapter/refusal-options.js'
export { requireAuth } from './adapter/require-auth.js'

// Error responses.

export { joinExposedHeaders } from './adapter/exposed-headers.js'
export { writeRefusal } from './adapter/write-refusal.js'

// Endpoints.

export { type Endpoint, type EndpointAnswer, type EndpointRequest, isMeantFor } from './adapter/endpoint.js'
export { createNodeMiddleware, writeNodeAnswer } from './adapter/node-endpoint.js'
export { createBodyUsed, readBody, readNodeBody } from './adapter/read-body.js'
export { createResourceEndpoint } from './adapter/resource-endpoint.js'

// Types for the compiler.

export type { GuardArguments } from './adapter/guard.js'
export type { NodeMiddleware } from './adapter/node-endpoint.js'
export type { NodeBody } from './adapter/read-body.js'
