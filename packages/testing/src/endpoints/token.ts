import { verifyAssertion } from '../client-authentication/assertion.js'
import { authenticateWebClient } from '../client-authentication/authenticate-web-client.js'
import { readClientCredentials } from '../client-authentication/credentials.js'
import type { Answer } from '../http/answer.js'
import type { Call } from '../http/call.js'
import { OAuthError } from '../http/oauth-error.js'
import type { Instance } from '../instance/instance.js'
import type { ServiceUser } from '../instance/model.js'
import { defaultTokenType } from '../tokens/access-tokens.js'
import { isKnownScope } from '../tokens/scopes.js'
import { answerToken, type IssueOptions } from './token-answer.js'
import { exchangeToken, TOKEN_EXCHANGE } from './token-exchange.js'

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const CLIENT_CREDENTIALS = 'client_credentials'
/** Grants for people. A web application may ask for them, and is told that they are not imitated. */
const WEB_GRANTS: readonly string[] = [
  'authorization_code',
  'refresh_token',
  'urn:ietf:params:oauth:grant-type:device_code',
]

/**
 * Gives a service account an access token, for an assertion or for a secret, and a web application one for another.
 *
 * @throws `OAuthError`: as ZITADEL refuses.
 * @see [RFC 6749, section 5](https://www.rfc-editor.org/rfc/rfc6749.html#section-5)
 */
export async function issueToken(instance: Instance, call: Call): Promise<Answer> {
  const grantType = call.parameter('grant_type')
  switch (grantType) {
    case JWT_BEARER:
      return answerServiceUser(instance, call, await readAssertingUser(instance, call), { reason: 'jwt_profile' })
    case CLIENT_CREDENTIALS:
      return answerServiceUser(instance, call, readUserWithSecret(instance, call), {
        reason: 'client_credentials',
        authenticationMethods: ['pwd'],
      })
    case TOKEN_EXCHANGE:
      return exchangeToken(instance, call)
    default:
      if (!grantType) throw new OAuthError('invalid_request', 'grant_type missing')
      if (WEB_GRANTS.includes(grantType)) authenticateWebClient(instance, call)
      throw new OAuthError('unsupported_grant_type', `${grantType} not supported`)
  }
}

async function readAssertingUser(instance: Instance, { parameter }: Call): Promise<ServiceUser> {
  const assertion = parameter('assertion')
  if (!assertion) throw new OAuthError('invalid_request', 'assertion missing')
  const userId = await verifyAssertion(instance, assertion).catch(() => '')
  const user = instance.users.get(userId)
  if (user?.kind !== 'service') throw new OAuthError('invalid_grant', 'invalid assertion')
  return user
}

/** The login name is the client id here. ZITADEL does not translate its own messages on this path. */
function readUserWithSecret(instance: Instance, call: Call): ServiceUser {
  const credentials = readClientCredentials(call)
  const clientId = credentials.kind === 'assertion' ? '' : credentials.clientId
  const user = [...instance.users.values()].find(({ loginName }) => loginName === clientId)
  if (user === undefined) throw new OAuthError('invalid_client', 'client not found')
  const secret = instance.secrets.get(user.id)
  if (user.kind !== 'service' || secret === undefined)
    throw new OAuthError('invalid_request', 'Errors.User.Machine.Secret.NotExisting')
  if (credentials.kind !== 'secret' || credentials.clientSecret !== secret)
    throw new OAuthError('invalid_request', 'Errors.User.Machine.Secret.Invalid')
  return user
}

function answerServiceUser(
  instance: Instance,
  call: Call,
  user: ServiceUser,
  how: Pick<IssueOptions, 'reason' | 'authenticationMethods'>,
): Answer {
  if (instance.deactivated.has(user.id) || instance.locked.has(user.id))
    throw new OAuthError('invalid_request', 'Errors.User.NotActive')
  return answerToken(instance, user, { ...how, scopes: readScopes(call), type: defaultTokenType(user) })
}

/** Unknown scopes are dropped without a word. An empty parameter will do, a missing one will not. */
function readScopes({ parameter }: Call): string[] {
  const scope = parameter('scope')
  if (scope === undefined)
    throw new OAuthError(
      'invalid_request',
      'The scope of your request is missing. Please ensure some scopes are requested. If you have any questions, you may contact the administrator of the application.',
    )
  return scope.split(' ').filter(isKnownScope)
}
