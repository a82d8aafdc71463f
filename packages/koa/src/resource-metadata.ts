import type { AuthTypes, ZitadelAuth } from '@org/zitadel-auth'
import { createResourceEndpoint } from '@org/zitadel-auth/adapter'
import type { Middleware } from 'koa'
import { serve } from './endpoint.js'

/**
 * Serves the metadata of a protected resource (RFC 9728), to everybody and without a token: GET and HEAD of its well-known path,
 * with CORS. Every other path goes on to the application.
 *
 * ```ts
 * app.use(resourceMetadata(auth))
 * app.use(requireAuthorization(auth))
 * ```
 *
 * @param auth - from `createZitadelAuth`, with the option `resource`
 * @throws {TypeError} at start-up, when `auth` is none, or has no resource
 */
export function resourceMetadata<Types extends AuthTypes>(auth: ZitadelAuth<Types>): Middleware {
  return serve(createResourceEndpoint(auth))
}
