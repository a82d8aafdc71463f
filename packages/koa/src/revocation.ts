import { createRevocationEndpoint, type Forgetful, type RevocationOptions } from '@org/zitadel-auth/events'
import type { Middleware } from 'koa'
import { serve } from './endpoint.js'

/**
 * Makes the middleware of the route that ZITADEL tells of what has changed: ZITADEL's events (Actions v2) and
 * back-channel logouts are verified, and `auth` forgets what they make untrue.
 *
 * It asks for no token, since the signature says who calls, and reads the body itself, up to 1 MiB. It answers 200; 401 for an event
 * that is not signed by the signing key, 400 for a logout token that is not good, 405, 413, 415, and 503 where ZITADEL's keys can't be
 * fetched. Why something was refused is said to the `logger`, once a minute.
 *
 * @param auth - from `createZitadelAuth`
 * @param options - `signingKey` takes events, `readLogoutToken` (from `createLogoutTokenReader`) takes logouts: one of them, or both
 * @throws {TypeError} when `auth` is none, or an option is unknown, missing or malformed; at a request, where a parser has read the
 * body before and kept nothing of it
 *
 * @example
 * ```ts
 * router.post('/zitadel/events', revocationEndpoint(auth, { signingKey: process.env.ZITADEL_SIGNING_KEY }))
 * ```
 */
export function revocationEndpoint(auth: Forgetful, options: RevocationOptions): Middleware {
  return serve(createRevocationEndpoint(auth, options))
}
