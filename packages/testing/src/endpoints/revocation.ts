import { authenticateClient, requireActiveApplication } from '../client-authentication/authenticate-client.js'
import { readClientCredentials } from '../client-authentication/credentials.js'
import type { Answer } from '../http/answer.js'
import type { Call } from '../http/call.js'
import { OAuthError } from '../http/oauth-error.js'
import type { Instance } from '../instance/instance.js'
import { findActiveToken } from '../tokens/access-tokens.js'

const REVOKED: Answer = { status: 200, headers: { 'cache-control': 'no-store' }, body: '' }

/**
 * Revokes an access token, opaque or JWT. A personal access token stays as it is: it is deleted in the Console.
 *
 * @throws {OAuthError} when the client does not prove who it is, or names no token. An unknown token is no error.
 * @see [RFC 7009, section 2.2](https://www.rfc-editor.org/rfc/rfc7009.html#section-2.2)
 */
export async function revoke(instance: Instance, call: Call): Promise<Answer> {
  await requireClient(instance, call)
  const token = call.form.get('token')
  if (!token) throw new OAuthError('invalid_request', 'token missing')
  const record = await findActiveToken(instance, token)
  if (record?.kind === 'session') instance.accessTokens.delete(record.id)
  return REVOKED
}

/** A public application is believed when it names itself: it has nothing to prove it with. */
async function requireClient(instance: Instance, call: Call): Promise<void> {
  const credentials = readClientCredentials(call)
  if (credentials.kind === 'public') {
    const { authMethod } = requireActiveApplication(instance, credentials.clientId)
    if (authMethod !== 'none') throw new OAuthError('invalid_client', 'client must be authenticated')
    return
  }
  const application = await authenticateClient(instance, credentials)
  if (application === undefined) throw new OAuthError('invalid_client')
}
