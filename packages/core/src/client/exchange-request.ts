import type { AuthorizationContext } from '../authorization/context.js'
import { AuthorizationError } from '../errors/authorization-error.js'
import type { ClientAuthenticator } from '../provider/client-authentication.js'
import type { JsonAnswer } from '../provider/fetch-json.js'
import { type IssuedToken, readErrorCode, readIssuedToken } from './issued-token.js'
import type { TokenProvider } from './provider-options.js'

/** What a token is exchanged for: less than it is for, in one respect or another. */
export interface ExchangePurpose {
  readonly audience: readonly string[]
  readonly scopes: readonly string[]
  readonly tokenType: 'opaque' | 'jwt'
}

/** Asks ZITADEL for a token in the place of another. */
export type ExchangeRequest = (context: AuthorizationContext, purpose: ExchangePurpose) => Promise<IssuedToken>

const grantType = 'urn:ietf:params:oauth:grant-type:token-exchange'
const tokenTypes = {
  opaque: 'urn:ietf:params:oauth:token-type:access_token',
  jwt: 'urn:ietf:params:oauth:token-type:jwt',
} as const

/**
 * Makes the function that asks ZITADEL for a token in the place of another.
 *
 * @returns a function that throws what {@link TokenExchange.onBehalfOf} throws
 * @see [RFC 8693 section 2](https://www.rfc-editor.org/rfc/rfc8693.html#section-2)
 */
export function createExchangeRequest(
  { discover, fetchJson, headers }: TokenProvider,
  authenticator: ClientAuthenticator,
): ExchangeRequest {
  return async ({ token }, { audience, scopes, tokenType }) => {
    const [{ tokenEndpoint }, authentication] = await Promise.all([discover(), authenticator.authenticate()])
    const body = new URLSearchParams({
      ...authentication.parameters,
      grant_type: grantType,
      subject_token: token,
      subject_token_type: tokenTypes.opaque,
      requested_token_type: tokenTypes[tokenType],
    })
    for (const id of audience) body.append('audience', id)
    if (scopes.length > 0) body.set('scope', scopes.join(' '))
    const answer = await fetchJson(tokenEndpoint, {
      method: 'POST',
      kind: 'token',
      headers: { ...headers, ...authentication.headers },
      body,
    })
    return readIssuedToken(answer) ?? refuse(answer)
  }
}

/** What ZITADEL's refusals mean: they are about the caller's token, or about this application. */
const refusals: Readonly<Record<string, () => AuthorizationError>> = {
  invalid_target: () =>
    denied(
      'the token may not be used for the next API',
      'ZITADEL can only narrow a token: the client of the caller must request the scope' +
        " urn:zitadel:iam:org:project:id:{id of the next API's project}:aud itself",
    ),
  invalid_scope: () =>
    denied(
      'the token may not be used for the next API',
      'ZITADEL can only narrow a token, and it does not have a scope that was asked for: the client of the caller must request it itself',
    ),
  invalid_request: () =>
    new AuthorizationError(
      'ERR_TOKEN_INVALID',
      'ZITADEL does not exchange the token: it is not active any more, or its audience has neither the exchanging application nor its' +
        ' project, or the request is one for impersonation, which is switched off',
    ),
  unauthorized_client: () =>
    misconfigured('the application does not have the grant type Token Exchange: add it in the ZITADEL Console'),
  invalid_client: () =>
    misconfigured(
      'it does not accept the credentials. Only an OIDC application with a client secret can exchange tokens, and no API application: the' +
        ' secret may be wrong or replaced, or the application deactivated',
    ),
}

function refuse(answer: JsonAnswer): never {
  const code = readErrorCode(answer) ?? ''
  throw refusals[code]?.() ?? misconfigured(`status ${answer.status}`)
}

function denied(unmetRequirement: string, why: string): AuthorizationError {
  return new AuthorizationError('ERR_PERMISSION_DENIED', why, { unmetRequirement })
}

function misconfigured(why: string): AuthorizationError {
  return new AuthorizationError('ERR_CONFIGURATION', `ZITADEL refuses to exchange tokens: ${why}`)
}
