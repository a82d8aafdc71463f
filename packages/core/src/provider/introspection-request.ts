import { AuthorizationError } from '../errors/authorization-error.js'
import { isJsonObject, type JsonObject } from '../internal/json.js'
import type { BearerToken } from '../request/bearer-token.js'
import type { ClientAuthentication, ClientAuthenticator } from './client-authentication.js'
import type { Discover } from './discovery.js'
import { isUnreadableAnswer } from './failure.js'
import type { FetchJson, JsonAnswer } from './fetch-json.js'

/** Asks ZITADEL about a token and gives its answer, unread. */
export type IntrospectionRequest = (token: BearerToken) => Promise<JsonObject>

/**
 * Makes the function that asks ZITADEL about tokens. When ZITADEL refuses an assertion that was used before, or whose key has been
 * replaced since, it signs a new one and asks once more.
 *
 * @param options - `discover`: finds the endpoint; `authenticator`: proves who asks; `fetchJson`: the network;
 * `headers`: sent with every question
 * @returns a function that throws `ERR_CONFIGURATION` when ZITADEL refuses this API's credentials, `ERR_PROVIDER_UNAVAILABLE`
 * when its answer is none, and what `discover` and `fetchJson` throw
 * @see [RFC 7662 section 2](https://www.rfc-editor.org/rfc/rfc7662.html#section-2)
 */
export function createIntrospectionRequest({
  discover,
  authenticator,
  fetchJson,
  headers,
}: {
  readonly discover: Discover<'introspectionEndpoint'>
  readonly authenticator: ClientAuthenticator
  readonly fetchJson: FetchJson
  readonly headers: Readonly<Record<string, string>>
}): IntrospectionRequest {
  async function ask(token: BearerToken, authentication: ClientAuthentication): Promise<JsonAnswer> {
    const { introspectionEndpoint } = await discover()
    try {
      return await fetchJson(introspectionEndpoint, {
        method: 'POST',
        kind: 'introspection',
        headers: { ...headers, ...authentication.headers },
        body: new URLSearchParams({ ...authentication.parameters, token }),
      })
    } catch (error) {
      // What ZITADEL says of one user may be too long.
      if (isUnreadableAnswer(error)) aboutOneToken.add(error)
      throw error
    }
  }

  function readAnswer(answer: JsonAnswer): JsonObject {
    return readIntrospection(answer, authenticator)
  }

  return async (token) => {
    const authentication = await authenticator.authenticate()
    const answer = await ask(token, authentication)
    if (!isClientRefused(answer) || !authenticator.renew(authentication)) return readAnswer(answer)
    const renewed = await authenticator.authenticate()
    const secondAnswer = await ask(token, renewed)
    if (isClientRefused(secondAnswer)) authenticator.renew(renewed)
    return readAnswer(secondAnswer)
  }
}

/** Errors that somebody may have provoked by what is in a token. */
const aboutOneToken = new WeakSet<AuthorizationError>()

/**
 * Tells whether an error may be about the question rather than about who asks: a firewall on the way answers so to a token
 * that it does not like. Five such tokens must not keep all others from being verified.
 */
export function isAboutOneToken(error: AuthorizationError): boolean {
  return aboutOneToken.has(error)
}

function readIntrospection(answer: JsonAnswer, authenticator: ClientAuthenticator): JsonObject {
  const { status, body } = answer
  // Without `active` the answer is somebody else's, and says nothing of the token (RFC 7662 section 2.2).
  if (status === 200 && isJsonObject(body) && typeof body['active'] === 'boolean') return body
  const hint = findHint(answer, authenticator)
  const refusal = status === 200 ? noIntrospection() : misconfigured(`status ${status}${hint}`)
  if (hint === '') aboutOneToken.add(refusal)
  throw refusal
}

function noIntrospection(): AuthorizationError {
  const message = 'ZITADEL answered with something that is no introspection'
  return new AuthorizationError('ERR_PROVIDER_UNAVAILABLE', message)
}

function misconfigured(what: string): AuthorizationError {
  return new AuthorizationError('ERR_CONFIGURATION', `ZITADEL refuses to introspect: ${what}`)
}

/** Only these are repeated: the rest of the answer is somebody else's text. */
const refusalOfClient: readonly unknown[] = ['unauthorized_client', 'invalid_client']

function readErrorCode({ body }: JsonAnswer): unknown {
  return isJsonObject(body) ? body['error'] : undefined
}

/** ZITADEL refuses a client with status 400, other servers with 401; and a firewall a token, in words of its own. */
function isClientRefused(answer: JsonAnswer): boolean {
  return (answer.status === 400 || answer.status === 401) && refusalOfClient.includes(readErrorCode(answer))
}

function findHint(answer: JsonAnswer, { explainRefusal }: ClientAuthenticator): string {
  const code = readErrorCode(answer)
  if (isClientRefused(answer)) {
    const why = explainRefusal(answer.clockAheadSeconds)
    return ` and ${code}: it does not accept the credentials of this API. ${why}`
  }
  if (code === 'invalid_request') {
    return ` and ${code}: it does not understand the request. Is this version of ZITADEL supported?`
  }
  return ''
}
