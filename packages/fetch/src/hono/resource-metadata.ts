import type { AuthTypes, ZitadelAuth } from '@org/zitadel-auth'
import { createResourceEndpoint } from '@org/zitadel-auth/adapter'
import type { MiddlewareHandler } from 'hono'
import { serve } from './endpoint.js'

/**
 * Serves the metadata of a protected resource (RFC 9728), without a token: GET and HEAD of its well-known path, with
 * CORS. Other paths go on to the application.
 *
 * @param auth - from `createZitadelAuth`, with the option `resource`
 * @throws `TypeError`: at startup, when `auth` is not a ZitadelAuth, or has no resource
 *
 * @example
 * ```ts
 * import { requireAuthorization, resourceMetadata } from '@org/zitadel-auth-fetch/hono'
 * import { Hono } from 'hono'
 *
 * const api = new Hono()
 * api.use(resourceMetadata(auth))
 * api.use(requireAuthorization(auth))
 * ```
 */
export function resourceMetadata<Types extends AuthTypes>(auth: ZitadelAuth<Types>): MiddlewareHandler {
  return serve(createResourceEndpoint(auth))
}
