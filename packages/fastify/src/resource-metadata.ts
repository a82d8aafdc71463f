import type { AuthTypes, ZitadelAuth } from '@org/zitadel-auth'
import { createResourceEndpoint } from '@org/zitadel-auth/adapter'
import type { FastifyPluginAsync } from 'fastify'
import { serve } from './endpoint.js'

/**
 * Serves the metadata of a protected resource (RFC 9728), to everybody and without a token: GET and HEAD of its well-known path,
 * with CORS.
 *
 * ```ts
 * await app.register(resourceMetadata(auth))
 * await app.register(zitadelAuth, { auth })
 * ```
 *
 * @param auth - from `createZitadelAuth`, with the option `resource`
 * @throws {TypeError} at start-up, when `auth` is none, has no resource, or is served inside a
 * prefix, where no client would look
 */
export function resourceMetadata<Types extends AuthTypes>(auth: ZitadelAuth<Types>): FastifyPluginAsync {
  const endpoint = createResourceEndpoint(auth)
  return async (app) => {
    if (app.prefix !== '') {
      throw new TypeError(
        'the path of the metadata starts at the host: register resourceMetadata outside of any prefix',
      )
    }
    app.all(endpoint.path ?? '', serve(endpoint), () => {})
  }
}
