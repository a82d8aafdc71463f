import {
  type KeyKind,
  readKeyFile,
  readKeyJson,
  readKeyMember,
  readSigningKey,
  type SigningKey,
} from '../provider/key-json.js'

/** The JSON key that you download from ZITADEL for a service account. */
export interface ServiceAccountKeyJson {
  /** `serviceaccount`. A key of type `application` authenticates an API, and cannot get tokens. */
  readonly type: string
  /** The id of the key. */
  readonly keyId: string
  /** The RSA private key, as PEM. */
  readonly key: string
  /** The id of the service account. */
  readonly userId: string
  /** When the key expires (RFC 3339); in the year 9999 if it does not. */
  readonly expirationDate?: string
}

/** A key that has been read. */
export interface ServiceAccountKey extends SigningKey {
  readonly userId: string
  /** Milliseconds since 1970; undefined where the key does not say. */
  readonly expiresAtMs: number | undefined
}

const kind: KeyKind = {
  type: 'serviceaccount',
  what: "a service account's key",
  howToGetOne: 'in the ZITADEL Console, open the service account, create a new key of type JSON',
  others: { application: 'belongs to an API application, and tokens are given to service accounts' },
}

/**
 * Reads the key from a file.
 *
 * @param path - the path of the downloaded JSON, absolute or relative to the working directory
 * @throws `TypeError`: when the file can't be read or holds no key of a service account
 */
export function readServiceAccountKeyFile(path: string): ServiceAccountKey {
  return readServiceAccountKey(readKeyFile(path, kind), `the key file ${path}`)
}

/**
 * Reads the key from its content.
 *
 * @param content - the JSON, as object, as text, or as base64 of the text
 * @param name - how messages call it
 * @throws `TypeError`: when the content is none; the message never holds any of it
 */
export function readServiceAccountKey(content: unknown, name = 'the key'): ServiceAccountKey {
  const json = readKeyJson(content, name, kind)
  const userId = readKeyMember(json, 'userId', name, kind)
  const expiresAtMs = Date.parse(String(json['expirationDate']))
  return {
    userId,
    expiresAtMs: Number.isNaN(expiresAtMs) ? undefined : expiresAtMs,
    ...readSigningKey(json, name, kind),
  }
}
