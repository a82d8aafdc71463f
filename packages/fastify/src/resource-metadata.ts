import type { AuthTypes, ZitadelAuth } from '@org/zitadel-auth'
import { createResourceEndpoint } from '@org/zitadel-auth/adapter'
import type { FastifyPluginAsync } from 'fastify'
import { serve } from './endpoint.js'

/**
 * Creates a plugin that serves the metadata of a protected resource (RFC 9728), without a token: GET and HEAD of its
 * well-known path, with CORS. Register it outside of any prefix.
 *
 * @param auth - from `createZitadelAuth`, with the option `resource`
 * @throws `TypeError`: at startup, when `auth` is not a ZitadelAuth, has no resource, or the plugin is registered
 * inside a prefix, where no client would look
 *
 * @example
 * ```ts
 * import { resourceMetadata, zitadelAuth } from '@org/zitadel-auth-fastify'
 * import Fastify from 'fastify'
 *
 * const app = Fastify()
 * await app.register(resourceMetadata(auth))
 * await app.register(zitadelAuth, { auth })
 * ```
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
