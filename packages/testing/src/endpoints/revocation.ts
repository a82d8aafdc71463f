import { authenticateWebClient } from '../client-authentication/authenticate-web-client.js'
import { type Answer, NO_STORE } from '../http/answer.js'
import type { Call } from '../http/call.js'
import { OAuthError } from '../http/oauth-error.js'
import type { Instance } from '../instance/instance.js'
import { findActiveToken, revokeSessionToken } from '../tokens/access-tokens.js'

const REVOKED: Answer = { status: 200, headers: NO_STORE, body: '' }

/**
 * Revokes an access token, opaque or JWT, for the web application it was issued to.
 *
 * @throws `OAuthError`: when the client does not prove who it is, names no token, or one with another audience. An
 * unknown token is no error.
 * @see [RFC 7009, section 2.2](https://www.rfc-editor.org/rfc/rfc7009.html#section-2.2)
 */
export async function revoke(instance: Instance, call: Call): Promise<Answer> {
  const { clientId } = authenticateWebClient(instance, call)
  const token = call.parameter('token')
  if (!token) throw new OAuthError('invalid_request', 'token missing')
  const record = await findActiveToken(instance, token)
  if (record === undefined) return REVOKED
  if (!record.audience.includes(clientId))
    throw new OAuthError('invalid_client', 'token was not issued for this client', 401)
  revokeSessionToken(instance, record)
  return REVOKED
}
