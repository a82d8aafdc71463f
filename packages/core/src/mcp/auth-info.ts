import type { AuthorizationContext } from '../authorization/context.js'
import type { ZitadelAuth } from '../zitadel-auth.js'

/** What the MCP SDK hands to tools of who calls them: its `AuthInfo`. */
export interface McpAuthInfo {
  /** The token. Not enumerable: absent from JSON, from a spread and from logs. */
  readonly token: string
  /** The client the token was issued to; the id of the user for a personal access token, which no client has got. */
  clientId: string
  /** The scopes of the token; empty when nothing is known of them. */
  scopes: string[]
  /** When the token expires, in seconds since 1970; the end of the year 9999, as ZITADEL says it, where it does not say. */
  expiresAt: number
  /** The resource that the token is good for: ours. */
  resource?: URL
  /** The address of the metadata of that resource. */
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
 * Gives what the MCP SDK hands to tools: `req.auth` for its Node.js transports, `{ authInfo }` for those of the Fetch API.
 *
 * ```ts
 * app.all('/mcp', requireAuthorization(auth), (req, res) => {
 *   const authInfo = toAuthInfo(getAuthorization(req), auth)
 *   return handle(Object.assign(req, { auth: authInfo }), res)
 * })
 * ```
 *
 * @param context - of a request that was let pass
 * @param auth - names the resource, where it has one. Default: none is named
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
