import { createNodeMiddleware, type NodeMiddleware } from '@org/zitadel-auth/adapter'
import { createRevocationEndpoint, type Forgetful, type RevocationOptions } from '@org/zitadel-auth/events'

/**
 * Creates the middleware that ZITADEL notifies of changes, before the parsers and guards of Nest. It verifies events of
 * Actions v2 and back-channel logouts, and removes from the cache of `auth` what they make outdated.
 *
 * It needs no token, since the request is signed, and reads the body itself, up to 1 MiB. It responds with 200, or with
 * 401 to an event with a wrong signature, 400 to an invalid logout token, 405, 413, 415, and 503 if ZITADEL's keys
 * cannot be fetched. Why a request was rejected is logged, at most once a minute per reason.
 *
 * @param auth - from `createZitadelAuth`
 * @param options - `signingKey` accepts events, `readLogoutToken` (from `createLogoutTokenReader`) accepts logouts: one
 * of them, or both
 * @throws `TypeError`: when `auth` is not a ZitadelAuth, or an option is unknown, missing or malformed; at a request,
 * when a parser has read the body before and did not keep its bytes
 *
 * @example
 * ```ts
 * import { NestFactory } from '@nestjs/core'
 * import { revocationEndpoint, ZITADEL_AUTH, ZitadelAuthModule } from '@org/zitadel-auth-nest'
 *
 * const signingKey = await secrets.read('zitadel-signing-key')
 *
 * const api = await NestFactory.create(ZitadelAuthModule.forRoot({ auth }))
 * api.use('/zitadel/events', revocationEndpoint(api.get(ZITADEL_AUTH), { signingKey }))
 * await api.listen(3000)
 * ```
 */
export function revocationEndpoint(auth: Forgetful, options: RevocationOptions): NodeMiddleware {
  return createNodeMiddleware(createRevocationEndpoint(auth, options))
}
