import { json, NO_STORE, text } from '../http/answer.js'
import type { Handler } from './route.js'

const OIDC_PATHS = /^\/(oauth\/v2|oidc\/v1|\.well-known\/openid-configuration)(\/|$)/

/** Says that there is nothing: below the paths of OpenID Connect as Go's router does, elsewhere as ZITADEL's API gateway does. */
export function findNothing(path: string): Handler {
  return () =>
    OIDC_PATHS.test(path) ? text(404, '404 page not found', NO_STORE) : json({ code: 5, message: 'Not Found' }, {}, 404)
}
