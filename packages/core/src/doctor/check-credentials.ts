import type { Clock } from '../internal/clock.js'
import { readApplicationKeyFile } from '../provider/application-key.js'
import { createAssertionAuthenticator } from '../provider/client-assertion.js'
import { type ClientAuthenticator, createBasicAuthenticator } from '../provider/client-authentication.js'
import { createFixedKey } from '../provider/key-source.js'
import type { Credentials } from './set-up.js'
import { type Finding, failedBy, passed, skipped } from './step.js'

/** Credentials that have been read. */
export interface ReadCredentials {
  readonly clientId: string
  /** What is sent of them. */
  readonly proof: 'client assertion' | 'client secret'
  /** What proves to an issuer who asks. */
  readonly toAuthenticator: (issuer: string) => ClientAuthenticator
}

/** Reads the credentials, without a question to anybody. */
export function checkCredentials(credentials: Credentials, clock: Clock): Finding<ReadCredentials> {
  const name = credentials.kind === 'secret' ? 'client id and secret' : 'key'
  if (credentials.kind === 'none') return skipped(name, 'not given: neither --key nor --client-id')
  try {
    return credentials.kind === 'key' ? readKey(name, credentials.keyFile, clock) : readSecret(name, credentials)
  } catch (error) {
    return failedBy(name, error)
  }
}

/** Its file does not say when it expires. */
function readKey(name: string, keyFile: string, clock: Clock): Finding<ReadCredentials> {
  const key = readApplicationKeyFile(keyFile)
  return passed(name, `API application, key ${key.keyId}`, {
    clientId: key.clientId,
    proof: 'client assertion',
    toAuthenticator: (issuer) => createAssertionAuthenticator(createFixedKey(key), { issuer, clock }),
  })
}

function readSecret(
  name: string,
  { clientId, clientSecret }: Extract<Credentials, { readonly kind: 'secret' }>,
): Finding<ReadCredentials> {
  const authenticator = createBasicAuthenticator(clientId, clientSecret)
  return passed(name, `API application with Basic, client ${clientId}`, {
    clientId,
    proof: 'client secret',
    toAuthenticator: () => authenticator,
  })
}
