import type { AuthorizationContext } from '../authorization/context.js'
import { isAuthorizationContext } from '../authorization/is-context.js'

/**
 * The `authInfo` that a tool gets from the MCP SDK.
 *
 * @group Types for the compiler
 */
export interface KnownAuthInfo {
  /** Where {@link toAuthInfo} puts the context. */
  readonly extra?: object | undefined
}

/** What the MCP SDK passes to a tool besides its arguments: the `extra` of version 1, the `ctx` of version 2. */
export interface McpCall {
  /** Where version 1 has it. */
  readonly authInfo?: KnownAuthInfo | undefined
  /** Where version 2 has it. */
  readonly http?:
    | {
        /** What {@link toAuthInfo} has made. */
        readonly authInfo?: KnownAuthInfo | undefined
      }
    | undefined
}

/**
 * Returns the context of the caller in a tool. Errors of `authorize` become errors of the tool, with the text that
 * clients may read.
 *
 * @typeParam Role - the names of the roles, if they are declared
 * @param call - the `extra` (version 1) or `ctx` (version 2) of the tool
 * @throws `TypeError`: when the transport was not given what {@link toAuthInfo} returns
 *
 * @example
 * ```ts
 * import { McpServer } from '@modelcontextprotocol/server'
 * import { getAuthorization } from '@org/zitadel-auth/mcp'
 *
 * const server = new McpServer({ name: 'tasks', version: '1.0.0' })
 * server.registerTool('delete_tasks', { description: 'Deletes all tasks' }, async (ctx) => {
 *   await auth.authorize(getAuthorization(ctx), { role: 'admin' })
 *   return { content: [{ type: 'text', text: 'deleted' }] }
 * })
 * ```
 */
export function getAuthorization<Role extends string = string>(call: McpCall): AuthorizationContext<Role> {
  const info = call.http?.authInfo ?? call.authInfo
  const { authorization } = Object(info?.extra) as { readonly authorization?: unknown }
  if (isAuthorizationContext(authorization)) return authorization as AuthorizationContext<Role>
  throw new TypeError(
    'getAuthorization(ctx) in a tool that nobody protects: give the transport toAuthInfo(context, auth), as req.auth or authInfo',
  )
}
