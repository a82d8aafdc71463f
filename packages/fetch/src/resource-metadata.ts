import type { AuthTypes, ZitadelAuth } from '@org/zitadel-auth'
import { createResourceEndpoint } from '@org/zitadel-auth/adapter'
import { type EndpointHandler, serve } from './endpoint.js'

/**
 * Serves the metadata of a protected resource (RFC 9728), to everybody and without a token: GET and HEAD of its well-known path,
 * with CORS. For every other path it gives undefined.
 *
 * ```ts
 * const metadata = resourceMetadata(auth)
 *
 * const answer = await metadata(request)
 * if (answer !== undefined) return answer
 * ```
 *
 * @param auth - from `createZitadelAuth`, with the option `resource`
 * @throws {TypeError} at start-up, when `auth` is none, or has no resource
 */
export function resourceMetadata<Types extends AuthTypes>(auth: ZitadelAuth<Types>): EndpointHandler {
  return serve(createResourceEndpoint(auth))
}
