import type { AuthTypes, ZitadelAuth } from '@org/zitadel-auth'
import { createResourceEndpoint } from '@org/zitadel-auth/adapter'
import { type EndpointHandler, serve } from './endpoint.js'

/**
 * Serves the metadata of a protected resource (RFC 9728), without a token: GET and HEAD of its well-known path, with
 * CORS. For other paths it returns undefined.
 *
 * @param auth - from `createZitadelAuth`, with the option `resource`
 * @throws `TypeError`: at startup, when `auth` is not a ZitadelAuth, or has no resource
 *
 * @example
 * ```ts
 * import { protect, resourceMetadata } from '@org/zitadel-auth-fetch'
 *
 * const metadata = resourceMetadata(auth)
 * const handle = protect(auth, true, (_request, { userId }) => new Response(userId))
 *
 * export default { fetch: async (request: Request) => (await metadata(request)) ?? handle(request) }
 * ```
 */
export function resourceMetadata<Types extends AuthTypes>(auth: ZitadelAuth<Types>): EndpointHandler {
  return serve(createResourceEndpoint(auth))
}
