/**
 * What adapters serve beside the guard, for those who write one: endpoints that answer by themselves.
 *
 * @packageDocumentation
 */

export { type Endpoint, type EndpointAnswer, type EndpointRequest, isMeantFor } from './adapter/endpoint.js'
export { joinExposedHeaders } from './adapter/exposed-headers.js'
export { createNodeMiddleware, type NodeMiddleware, writeNodeAnswer } from './adapter/node-endpoint.js'
export { createBodyUsed, type NodeBody, readBody, readNodeBody } from './adapter/read-body.js'
export { createResourceEndpoint } from './adapter/resource-endpoint.js'
