import { authenticateWebClient } from '../client-authentication/authenticate-web-client.js'
import type { Answer } from '../http/answer.js'
import type { Call } from '../http/call.js'
import { OAuthError } from '../http/oauth-error.js'
import { type Instance, requireKnown } from '../instance/instance.js'
import type { AccessTokenRecord, Application } from '../instance/model.js'
import { type AccessTokenType, findActiveToken } from '../tokens/access-tokens.js'
import { answerToken } from './token-answer.js'

/** The grant, as `grant_type` names it. */
export const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange'

const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token'
const JWT = 'urn:ietf:params:oauth:token-type:jwt'
const USER_ID = 'urn:zitadel:params:oauth:token-type:user_id'

/** What can be asked for, and what comes. */
const ISSUED: Readonly<Record<string, { readonly type: AccessTokenType; readonly issued: string }>> = {
  '': { type: 'opaque', issued: ACCESS_TOKEN },
  [ACCESS_TOKEN]: { type: 'opaque', issued: ACCESS_TOKEN },
  [JWT]: { type: 'jwt', issued: JWT },
}

/**
 * Gives an application a token in the name of the user of another, for less than that one is for: audience and scopes can
 * only become fewer. Impersonation is switched off, as it is in a new instance.
 *
 * @throws `OAuthError`: as ZITADEL refuses
 * @see [RFC 8693, section 2](https://www.rfc-editor.org/rfc/rfc8693.html#section-2)
 */
export async function exchangeToken(instance: Instance, call: Call): Promise<Answer> {
  const application = authenticateExchanger(instance, call)
  if (call.parameter('resource')) throw new OAuthError('invalid_target', 'resource parameter not supported')
  const subject = await readSubject(instance, call, application)
  refuseImpersonation(call)
  const audience = readAudience(call, subject)
  const scopes = readScopes(call, subject)
  const wanted = ISSUED[call.parameter('requested_token_type') ?? '']
  if (wanted === undefined) throw new OAuthError('invalid_request', 'Errors.TokenExchange.Token.TypeNotSupported')
  const user = requireKnown(instance.users, subject.userId, 'user')
  const session = { scopes, audience, authenticationMethods: subject.authenticationMethods }
  return answerToken(
    instance,
    user,
    { ...session, clientId: application.clientId, reason: 'exchange', type: wanted.type },
    { issued_token_type: wanted.issued, scope: scopes.join(' ') },
  )
}

function authenticateExchanger(instance: Instance, call: Call): Application {
  const application = authenticateWebClient(instance, call)
  if ('tokenExchange' in application && application.tokenExchange === true) return application
  throw new OAuthError('unauthorized_client', `grant_type "${TOKEN_EXCHANGE}" not allowed`)
}

async function readSubject(
  instance: Instance,
  { parameter }: Call,
  { clientId, projectId }: Application,
): Promise<AccessTokenRecord> {
  const [token, type] = [parameter('subject_token') ?? '', parameter('subject_token_type')]
  if (type === USER_ID || type === JWT) throw createImpersonationRefusal()
  const record = type === ACCESS_TOKEN ? await findActiveToken(instance, token) : undefined
  // A personal access token is good for every client of the instance.
  const audience = record?.kind === 'personal' ? [clientId, projectId] : (record?.audience ?? [])
  if (record !== undefined && [clientId, projectId].some((id) => audience.includes(id))) return { ...record, audience }
  throw new OAuthError('invalid_request', 'subject_token invalid')
}

function refuseImpersonation({ parameter }: Call): void {
  if (parameter('actor_token')) throw createImpersonationRefusal()
}

function createImpersonationRefusal(): OAuthError {
  return new OAuthError('invalid_request', 'Errors.TokenExchange.Impersonation.PolicyDisabled', 403)
}

/** Repeated, and not in one text with spaces, as scopes are. */
function readAudience({ form }: Call, subject: AccessTokenRecord): readonly string[] {
  const asked = form.getAll('audience').filter((id) => id !== '')
  const foreign = asked.find((id) => !subject.audience.includes(id))
  if (foreign === undefined) return asked.length === 0 ? subject.audience : asked
  throw new OAuthError('invalid_target', `audience "${foreign}" not found in subject or actor token`)
}

function readScopes({ parameter }: Call, subject: AccessTokenRecord): readonly string[] {
  const asked = (parameter('scope') ?? '').split(' ').filter((scope) => scope !== '')
  const foreign = asked.find((scope) => !subject.scopes.includes(scope))
  if (foreign === undefined) return asked.length === 0 ? subject.scopes : asked
  throw new OAuthError('invalid_scope', `scope "${foreign}" not found in subject or actor token`)
}
