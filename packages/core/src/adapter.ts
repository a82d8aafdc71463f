/**
 * What adapters serve beside the guard, for those who write one: endpoints that answer by themselves.
 *
 * @packageDocumentation
 */

export { type Endpoint, type EndpointAnswer, type EndpointRequest, isMeantFor } from './adapter/endpoint.js'
export { createNodeMiddleware, type NodeMiddleware } from './adapter/node-endpoint.js'
export { createBodyUsed, type NodeBody, readBody, readNodeBody } from './adapter/read-body.js'
