import { Buffer } from 'node:buffer'
import type { KeyObject } from 'node:crypto'

/** How this API proves to ZITADEL who it is, in one request. */
export interface ClientAuthentication {
  readonly headers: Readonly<Record<string, string>>
  readonly parameters: Readonly<Record<string, string>>
  /** Whether these very credentials were used before, so that new ones are worth a second try when ZITADEL refuses them. */
  readonly reused: boolean
  /** The key that signed them, where one did. */
  readonly keyId?: string
}

/** Proves the identity of an OAuth client. */
export interface ClientAuthenticator {
  readonly clientId: string
  /** Gives what only this API has. */
  toSecret(): KeyObject | string
  /** Gives the credentials for the next request. */
  authenticate(): Promise<ClientAuthentication>
  /** Gives up credentials that ZITADEL refused, and tells whether others are at hand that are worth a second try. */
  renew(refused: ClientAuthentication): boolean
  /**
   * Says why ZITADEL may refuse them, for the developer.
   *
   * @param clockAheadSeconds - by how much this machine's clock is ahead of ZITADEL's; NaN where nobody knows
   */
  explainRefusal(clockAheadSeconds: number): string
}

/**
 * Authenticates by client id and secret.
 *
 * @throws `TypeError`: when one of them is missing
 * @see [RFC 6749 section 2.3.1](https://www.rfc-editor.org/rfc/rfc6749.html#section-2.3.1): both are form-url-encoded
 * first, and ZITADEL decodes them
 */
export function createBasicAuthenticator(clientId: unknown, clientSecret: unknown): ClientAuthenticator {
  if (typeof clientId !== 'string' || clientId === '') throw new TypeError('clientId is missing')
  if (typeof clientSecret !== 'string' || clientSecret === '') throw new TypeError('clientSecret is missing')
  const credentials = Buffer.from(`${formEncode(clientId)}:${formEncode(clientSecret)}`).toString('base64')
  const authentication = { headers: { Authorization: `Basic ${credentials}` }, parameters: {}, reused: false }
  return {
    clientId,
    toSecret: () => clientSecret,
    authenticate: async () => authentication,
    renew: () => false,
    explainRefusal: () =>
      'The client secret may be wrong or replaced, the authentication method not Basic, or the application, its project or its' +
      ' organization deactivated: create a new secret for the API application in the ZITADEL Console',
  }
}

function formEncode(text: string): string {
  return new URLSearchParams({ text }).toString().slice('text='.length)
}
