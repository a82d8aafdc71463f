import type { AuthorizationContext } from '../authorization/context.js'
import { isAuthorizationContext } from '../authorization/is-context.js'

/** What the MCP SDK knows of who calls: what {@link toAuthInfo} has made. */
export interface KnownAuthInfo {
  /** What {@link toAuthInfo} has put there. */
  readonly extra?: object | undefined
}

/** What the MCP SDK hands to a tool beside its arguments: the `extra` of version 1, the `ctx` of version 2. */
export interface McpCall {
  /** Where version 1 has it. */
  readonly authInfo?: KnownAuthInfo | undefined
  /** Where version 2 has it. */
  readonly http?:
    | {
        /** The same. */
        readonly authInfo?: KnownAuthInfo | undefined
      }
    | undefined
}

/**
 * Gives who calls a tool, in the tool:
 *
 * ```ts
 * server.registerTool('delete_tasks', { description: 'Deletes all tasks' }, async (ctx) => {
 *   await auth.authorize(getAuthorization(ctx), { role: 'admin' })
 *   // …
 * })
 * ```
 *
 * What `authorize` throws the SDK makes an error of the tool, with the text that clients may read.
 *
 * @typeParam Role - the names of the roles, where they are declared
 * @param call - the `extra`, or `ctx`, of the tool
 * @throws {TypeError} where the SDK was not given what {@link toAuthInfo} gives
 */
export function getAuthorization<Role extends string = string>(call: McpCall): AuthorizationContext<Role> {
  const info = call.http?.authInfo ?? call.authInfo
  const { authorization } = Object(info?.extra) as { readonly authorization?: unknown }
  if (isAuthorizationContext(authorization)) return authorization as AuthorizationContext<Role>
  throw new TypeError(
    'getAuthorization(ctx) in a tool that nobody protects: give the transport toAuthInfo(context, auth), as req.auth or authInfo',
  )
}
