import type { AuthorizationContext } from '../authorization/context.js'
import type { ZitadelAuth } from '../zitadel-auth.js'

/** The `AuthInfo` of the MCP SDK: what it hands to tools about the caller. */
export interface McpAuthInfo {
  /** The token. Not enumerable: it is not in JSON, a spread or logs. */
  readonly token: string
  /** The client that the token was issued to; for a personal access token, which has no client, the id of the user. */
  clientId: string
  /** The scopes of the token; empty if they are unknown. */
  scopes: string[]
  /** When the token expires, in seconds since 1970; the end of the year 9999 if that is unknown. */
  expiresAt: number
  /** The resource that the token is for, which is this API. */
  resource?: URL
  /** The URL of the metadata of that resource. */
  resourceMetadataUrl?: string
  /** The context, for {@link getAuthorization}. */
  extra: {
    /** Who calls. */
    readonly authorization: AuthorizationContext
  }
}

/** What ZITADEL says of a personal access token that does not expire. */
const endOfTime = 253_402_300_799

/**
 * Creates what the MCP SDK hands to tools: `req.auth` for its Node.js transports, `{ authInfo }` for those of the Fetch
 * API.
 *
 * @param context - the context of an allowed request
 * @param auth - names the resource, if it has one. Default: no resource
 *
 * @example
 * ```ts
 * import { toNodeHandler } from '@modelcontextprotocol/node'
 * import { createMcpHandler, McpServer } from '@modelcontextprotocol/server'
 * import { getAuthorization, requireAuthorization } from '@org/zitadel-auth-express'
 * import { toAuthInfo } from '@org/zitadel-auth/mcp'
 *
 * const handle = toNodeHandler(createMcpHandler(() => new McpServer({ name: 'tasks', version: '1.0.0' })))
 *
 * app.all('/mcp', requireAuthorization(auth), (req, res) =>
 *   handle(Object.assign(req, { auth: toAuthInfo(getAuthorization(req), auth) }), res),
 * )
 * ```
 */
export function toAuthInfo(context: AuthorizationContext, auth?: Pick<ZitadelAuth, 'resourceMetadata'>): McpAuthInfo {
  const { clientId = context.userId, scopes, expiresAt, token } = context
  const metadata = auth?.resourceMetadata
  const info = {
    clientId,
    scopes: [...scopes],
    expiresAt: expiresAt === undefined ? endOfTime : Math.floor(expiresAt.getTime() / 1_000),
    ...(metadata && { resource: new URL(metadata.document.resource), resourceMetadataUrl: metadata.url }),
    extra: { authorization: context },
  }
  // Read when it is asked for: `%o` and `showHidden` print values that are not enumerable, and not what a getter gives.
  return Object.defineProperty(info, 'token', { get: () => token }) as McpAuthInfo
}
