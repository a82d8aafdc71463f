import type { Call } from '../http/call.js'
import { OAuthError } from '../http/oauth-error.js'

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** How a client says who it is. */
export type ClientCredentials =
  | { readonly kind: 'assertion'; readonly assertion: string }
  | { readonly kind: 'secret'; readonly clientId: string; readonly clientSecret: string }
  | { readonly kind: 'public'; readonly clientId: string }

/**
 * Reads a client's credentials from the `Authorization` header or the parameters. Of several kinds an assertion counts,
 * else the header.
 *
 * @throws `OAuthError`: `invalid_request` without credentials, or with another assertion type;
 * `invalid_client` when Basic credentials are not form-url-encoded.
 * @see [RFC 6749, section 2.3.1](https://www.rfc-editor.org/rfc/rfc6749.html#section-2.3.1)
 */
export function readClientCredentials({ headers, parameter }: Call): ClientCredentials {
  const read = (name: string) => parameter(name) ?? ''
  const [assertion, assertionType] = [read('client_assertion'), read('client_assertion_type')]
  const basic = readBasic(headers.authorization)
  const [clientId, clientSecret] = basic?.map(unescapePart) ?? [read('client_id'), read('client_secret')]
  if (assertion === '') return toSecretOrPublic(clientId ?? '', clientSecret ?? '')
  if (assertionType !== ASSERTION_TYPE)
    throw new OAuthError('invalid_request', `invalid client_assertion_type ${assertionType}`)
  return { kind: 'assertion', assertion }
}

function toSecretOrPublic(clientId: string, clientSecret: string): ClientCredentials {
  if (clientId === '') throw new OAuthError('invalid_request', 'client_id or client_assertion must be provided')
  return clientSecret === '' ? { kind: 'public', clientId } : { kind: 'secret', clientId, clientSecret }
}

/** The two parts of Basic credentials, still escaped. What is not Basic counts as no credentials. */
function readBasic(authorization = ''): [string, string] | undefined {
  const encoded = /^basic (.*)$/i.exec(authorization)?.[1]
  const parts = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded ?? '', 'base64').toString())
  return parts ? [parts[1] ?? '', parts[2] ?? ''] : undefined
}

/** Go's `url.QueryUnescape`: `+` is a space, and a `%` without two hex digits is an error. */
function unescapePart(part: string): string {
  try {
    return decodeURIComponent(part.replaceAll('+', ' '))
  } catch {
    throw new OAuthError('invalid_client', 'invalid basic auth header')
  }
}
