import { Buffer } from 'node:buffer'
import { createPrivateKey, type KeyObject } from 'node:crypto'
import { isJsonObject, type JsonObject } from '../internal/json.js'
import { isVariableSet } from '../internal/read-option.js'
import { readTextFile } from '../internal/read-text-file.js'

/** The JSON that ZITADEL lets you download for an API application with the authentication method JWT. */
export interface ApplicationKeyJson {
  /** `application`; a key of type `serviceaccount` belongs to a user and can't authenticate an API. */
  readonly type: string
  /** Names the key to ZITADEL. */
  readonly keyId: string
  /** The RSA private key, as PEM. */
  readonly key: string
  /** The application's id. */
  readonly appId: string
  /** The application's client id. */
  readonly clientId: string
}

/** A key that has been read. The private key is opaque: it shows in no log. */
export interface ApplicationKey {
  readonly keyId: string
  readonly clientId: string
  readonly privateKey: KeyObject
}

/** The shortest key is longer than this, also in base64. */
const longestPath = 1_024

const howToGetOne = 'in the ZITADEL Console, open the API application, create a new key of type JSON'

/**
 * Reads the key from a file.
 *
 * @param path - the path of the downloaded JSON, absolute or relative to the working directory
 * @throws {TypeError} when the file can't be read or holds no application key
 */
export function readApplicationKeyFile(path: string): ApplicationKey {
  if (path === '') throw new TypeError(`keyFile is empty: ${isVariableSet}`)
  if (typeof path !== 'string') throw new TypeError('keyFile is the path of the downloaded key')
  if (isContent(path)) {
    throw new TypeError('keyFile holds the content of a key, and takes the path of its file: give the content as key')
  }
  const text = readKeyText(path)
  if (text.trim() === '') throw new TypeError(`the key file ${path} is empty: ${howToGetOne}`)
  return readApplicationKey(text, `the key file ${path}`)
}

/** A key in the place of its path would end up in the message, and in the cause that Node.js makes of it. */
function isContent(path: string): boolean {
  return path.length > longestPath || /^\s*\{|PRIVATE KEY|\n/.test(path)
}

function readKeyText(path: string): string {
  try {
    return readTextFile(path)
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error'
    throw new TypeError(`the key file ${path} cannot be read (${reasons[code] ?? code}): ${howToGetOne}`, { cause })
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission denied',
  EISDIR: 'it is a folder',
}

/**
 * Reads the key from its content, as a secret store or an environment variable holds it.
 *
 * @param content - the JSON, as object, as text, or as base64 of the text
 * @param name - how messages call it
 * @throws {TypeError} when the content is no application key; the message never holds any of it
 */
export function readApplicationKey(content: unknown, name = 'the key'): ApplicationKey {
  const json = typeof content === 'string' ? parse(content, name) : content
  if (!isJsonObject(json)) throw new TypeError(`${name} is not the JSON of an application key: ${howToGetOne}`)
  requireApplicationType(json, name)
  return {
    keyId: readText(json, 'keyId', name),
    clientId: readText(json, 'clientId', name),
    privateKey: readPrivateKey(readText(json, 'key', name), name),
  }
}

function parse(text: string, name: string): unknown {
  // What editors and shells put around it, a byte order mark too.
  const trimmed = text.trim()
  if (trimmed === '') throw new TypeError(`${name} is empty: ${isVariableSet}`)
  try {
    return JSON.parse(trimmed.startsWith('{') ? trimmed : Buffer.from(trimmed, 'base64').toString('utf8').trim())
  } catch {
    // No cause: the parser's message quotes the text, and the text is a private key.
    throw new TypeError(`${name} is not JSON, or is cut off: ${howToGetOne}`)
  }
}

function requireApplicationType({ type }: JsonObject, name: string): void {
  if (type === 'application') return
  if (type === 'serviceaccount') {
    throw new TypeError(
      `${name} belongs to a service account, and an API needs the key of an API application: ${howToGetOne}`,
    )
  }
  throw new TypeError(`${name} has no "type": "application": ${howToGetOne}`)
}

function readText(json: JsonObject, member: string, name: string): string {
  const value = json[member]
  if (typeof value !== 'string' || value === '') throw new TypeError(`${name} has no "${member}": ${howToGetOne}`)
  return value
}

/** ZITADEL writes PKCS#1, which Node.js reads and WebCrypto does not. Environment variables often hold `\n` as two characters. */
function readPrivateKey(pem: string, name: string): KeyObject {
  let key: KeyObject
  try {
    key = createPrivateKey(pem.replaceAll('\\n', '\n'))
  } catch {
    throw new TypeError(`the "key" in ${name} is not a private key in PEM, or is cut off: ${howToGetOne}`)
  }
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
  if (key.asymmetricKeyType !== 'rsa' || bits < 2_048) {
    throw new TypeError(`the "key" in ${name} is not an RSA key of at least 2048 bits: ${howToGetOne}`)
  }
  return key
}
