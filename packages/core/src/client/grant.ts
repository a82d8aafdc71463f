import type { Clock } from '../internal/clock.js'
import { createBasicAuthenticator } from '../provider/client-authentication.js'
import type { KeySource } from '../provider/key-source.js'
import { signAssertion } from '../provider/sign-assertion.js'
import type { ServiceAccountKey } from './service-account-key.js'

/** What a token is asked for with. */
export interface GrantForm {
  readonly headers: Readonly<Record<string, string>>
  readonly parameters: Readonly<Record<string, string>>
}

/** How a service account proves to ZITADEL who it is. */
export interface Grant {
  toForm(): Promise<GrantForm>
  /** Looks for other credentials after a refusal, and tells whether there are some that are worth a second try. */
  renew(): boolean
  /** Says what to do about a refusal, for the developer. */
  readonly advice: string
}

/**
 * Asks by an assertion that the key of a service account signs.
 *
 * @see [RFC 7523 section 2.1](https://www.rfc-editor.org/rfc/rfc7523.html#section-2.1)
 */
export function createJwtBearerGrant(
  source: KeySource<ServiceAccountKey>,
  { issuer, clock }: { readonly issuer: string; readonly clock: Clock },
): Grant {
  return {
    async toForm() {
      const key = source.current()
      const assertion = await signAssertion(key, { subject: key.userId, audience: issuer, nowMs: clock.now() })
      return {
        headers: {},
        parameters: { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion },
      }
    },
    renew() {
      const { keyId } = source.current()
      source.refresh()
      return source.current().keyId !== keyId
    },
    advice:
      'The key may be expired, deleted or of another instance, the service account deactivated or locked, or the clock of this' +
      ' machine wrong: create a new key for the service account in the ZITADEL Console',
  }
}

/**
 * Asks by client id and secret. The client id of a service account is its login name.
 *
 * @throws `TypeError`: when one of them is missing
 * @see [RFC 6749 section 4.4](https://www.rfc-editor.org/rfc/rfc6749.html#section-4.4)
 */
export function createClientCredentialsGrant(clientId: unknown, clientSecret: unknown): Grant {
  const authenticator = createBasicAuthenticator(clientId, clientSecret)
  return {
    async toForm() {
      const { headers } = await authenticator.authenticate()
      return { headers, parameters: { grant_type: 'client_credentials' } }
    },
    renew: () => false,
    advice:
      'The secret may be wrong or replaced, the client id not the login name of the service account, or the service account deactivated' +
      ' or locked: create a new secret for the service account in the ZITADEL Console',
  }
}
