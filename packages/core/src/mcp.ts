/**
 * Hands the caller of an MCP server to the tools of the MCP SDK, version 1 or 2. Does not depend on the SDK.
 *
 * @module @org/zitadel-auth/mcp
 */

export { type McpAuthInfo, toAuthInfo } from './mcp/auth-info.js'
export { getAuthorization, type KnownAuthInfo, type McpCall } from './mcp/get-authorization.js'
