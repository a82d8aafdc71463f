import { Buffer } from 'node:buffer'

/** How this API proves to ZITADEL who it is, in one request. */
export interface ClientAuthentication {
  readonly headers: Readonly<Record<string, string>>
  readonly parameters: Readonly<Record<string, string>>
  /** Whether these very credentials were used before, so that new ones are worth a second try when ZITADEL refuses them. */
  readonly reused: boolean
}

/** Proves the identity of an OAuth client. */
export interface ClientAuthenticator {
  readonly clientId: string
  /** Gives the credentials for the next request. */
  authenticate(): Promise<ClientAuthentication>
  /** Gives up credentials that ZITADEL refused: the next ones are new. */
  renew(refused: ClientAuthentication): void
}

/**
 * Authenticates by client id and secret.
 *
 * @throws {TypeError} when one of them is missing
 * @see [RFC 6749 section 2.3.1](https://www.rfc-editor.org/rfc/rfc6749.html#section-2.3.1): both are form-url-encoded
 * first, and ZITADEL decodes them
 */
export function createBasicAuthenticator(clientId: unknown, clientSecret: unknown): ClientAuthenticator {
  if (typeof clientId !== 'string' || clientId === '') throw new TypeError('clientId is missing')
  if (typeof clientSecret !== 'string' || clientSecret === '') throw new TypeError('clientSecret is missing')
  const credentials = Buffer.from(`${formEncode(clientId)}:${formEncode(clientSecret)}`).toString('base64')
  const authentication = { headers: { Authorization: `Basic ${credentials}` }, parameters: {}, reused: false }
  return { clientId, authenticate: async () => authentication, renew: () => {} }
}

function formEncode(text: string): string {
  return new URLSearchParams({ text }).toString().slice('text='.length)
}
