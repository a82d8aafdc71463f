import { type KeyKind, readKeyFile, readKeyJson, readKeyMember, readSigningKey, type SigningKey } from './key-json.js'

/** The JSON key that you download from ZITADEL for an API application with the authentication method JWT. */
export interface ApplicationKeyJson {
  /** `application`. A key of type `serviceaccount` belongs to a user, and cannot authenticate an API. */
  readonly type: string
  /** The id of the key. */
  readonly keyId: string
  /** The RSA private key, as PEM. */
  readonly key: string
  /** The id of the application. */
  readonly appId: string
  /** The client id of the application. */
  readonly clientId: string
}

/** A key that has been read. */
export interface ApplicationKey extends SigningKey {
  readonly clientId: string
}

const kind: KeyKind = {
  type: 'application',
  what: 'an application key',
  howToGetOne: 'in the ZITADEL Console, open the API application, create a new key of type JSON',
  others: { serviceaccount: 'belongs to a service account, and an API needs the key of an API application' },
}

/**
 * Reads the key from a file.
 *
 * @param path - the path of the downloaded JSON, absolute or relative to the working directory
 * @throws `TypeError`: when the file can't be read or holds no application key
 */
export function readApplicationKeyFile(path: string): ApplicationKey {
  return readApplicationKey(readKeyFile(path, kind), `the key file ${path}`)
}

/**
 * Reads the key from its content, as a secret store or an environment variable holds it.
 *
 * @param content - the JSON, as object, as text, or as base64 of the text
 * @param name - how messages call it
 * @throws `TypeError`: when the content is no application key; the message never holds any of it
 */
export function readApplicationKey(content: unknown, name = 'the key'): ApplicationKey {
  const json = readKeyJson(content, name, kind)
  const clientId = readKeyMember(json, 'clientId', name, kind)
  return { clientId, ...readSigningKey(json, name, kind) }
}
