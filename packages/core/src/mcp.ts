/**
 * What the MCP SDK wants to know of a request, of version 1 and 2, without a dependency on it.
 *
 * @packageDocumentation
 */

export { type McpAuthInfo, toAuthInfo } from './mcp/auth-info.js'
export { getAuthorization, type KnownAuthInfo, type McpCall } from './mcp/get-authorization.js'
