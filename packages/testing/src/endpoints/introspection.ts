import { authenticateClient } from '../client-authentication/authenticate-client.js'
import { readClientCredentials } from '../client-authentication/credentials.js'
import { type Answer, json } from '../http/answer.js'
import type { Call } from '../http/call.js'
import { OAuthError } from '../http/oauth-error.js'
import type { Instance } from '../instance/instance.js'
import { findActiveToken } from '../tokens/access-tokens.js'
import { describeToken, padPersonalToken } from '../tokens/introspection-claims.js'

const INACTIVE = { active: false }

/**
 * Answers what an access token stands for, to an application in its audience.
 *
 * @throws `OAuthError`: when the application does not prove who it is, or names no token.
 * @see [RFC 7662](https://www.rfc-editor.org/rfc/rfc7662.html)
 */
export async function introspect(instance: Instance, call: Call): Promise<Answer> {
  const credentials = readClientCredentials(call)
  if (credentials.kind === 'public') throw new OAuthError('invalid_client', 'client must be authenticated')
  const token = call.parameter('token')
  if (!token) throw new OAuthError('invalid_request', 'token missing')

  const client = await authenticateClient(instance, credentials)
  const found = await findActiveToken(instance, token)
  if (client === undefined || found === undefined) return json(INACTIVE)

  const record = found.kind === 'personal' ? padPersonalToken(instance, found, client) : found
  const isForClient = record.audience.includes(client.clientId) || record.audience.includes(client.projectId)
  return json(isForClient ? describeToken(instance, record, client.projectId) : INACTIVE)
}
