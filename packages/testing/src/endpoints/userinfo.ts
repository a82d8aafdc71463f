import { type Answer, json } from '../http/answer.js'
import type { Call } from '../http/call.js'
import { OAuthError } from '../http/oauth-error.js'
import { type Instance, requireKnown } from '../instance/instance.js'
import { findActiveToken } from '../tokens/access-tokens.js'
import { mergeClaims } from '../tokens/claims.js'
import { requestedRoleClaims } from '../tokens/requested-roles.js'
import { reservedClaims } from '../tokens/reserved-claims.js'
import { userClaims } from '../tokens/user-claims.js'

/**
 * Tells the bearer of an access token about its user, whatever its audience.
 *
 * @throws `OAuthError`: with status 401 without a token, or with one that is not active.
 * @see [OpenID Connect Core, section 5.3](https://openid.net/specs/openid-connect-core-1_0.html#UserInfo)
 */
export async function describeUser(instance: Instance, call: Call): Promise<Answer> {
  const token = /^bearer (.+)$/i.exec(call.headers.authorization ?? '')?.[1] ?? call.parameter('access_token')
  if (!token) throw new OAuthError('invalid_request', 'access token missing', 401)
  const record = await findActiveToken(instance, token)
  if (record === undefined) throw new OAuthError('access_denied', 'access token invalid', 401)
  const user = requireKnown(instance.users, record.userId, 'user')
  const ownClaims = {
    sub: user.id,
    ...userClaims(user, record.scopes),
    ...reservedClaims(instance, user, record.scopes),
    ...requestedRoleClaims(instance, user, record),
  }
  return json(mergeClaims(ownClaims, record.customClaims))
}
