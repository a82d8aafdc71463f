/**
 * What adapters are made of, for those who write one: guards, their options, and endpoints that answer by themselves.
 *
 * @packageDocumentation
 */

export { createDeclaredGuard, type Declaration } from './adapter/declaration.js'
export { type Endpoint, type EndpointAnswer, type EndpointRequest, isMeantFor } from './adapter/endpoint.js'
export { joinExposedHeaders } from './adapter/exposed-headers.js'
export { createGuard, type Guard, type GuardArguments, type GuardKind } from './adapter/guard.js'
export { requireKnownOptions } from './adapter/known-options.js'
export { createNodeMiddleware, type NodeMiddleware, writeNodeAnswer } from './adapter/node-endpoint.js'
export { createBodyUsed, type NodeBody, readBody, readNodeBody } from './adapter/read-body.js'
export { type RefusalOptions, readRefusalOptions } from './adapter/refusal-options.js'
export { requireAuth } from './adapter/require-auth.js'
export { createResourceEndpoint } from './adapter/resource-endpoint.js'
export { writeRefusal } from './adapter/write-refusal.js'
