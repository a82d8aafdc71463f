import { Buffer } from 'node:buffer'
import { createPrivateKey, type KeyObject } from 'node:crypto'
import { isJsonObject, type JsonObject } from '../internal/json.js'
import { isVariableSet } from '../internal/read-option.js'
import { readTextFile } from '../internal/read-text-file.js'

/** A kind of key that ZITADEL lets you download as JSON. */
export interface KeyKind {
  /** What the JSON says it is. */
  readonly type: string
  /** What it is called in prose. */
  readonly what: string
  /** What to do without one. */
  readonly howToGetOne: string
  /** What is wrong with a key of another type, by that type. */
  readonly others: Readonly<Record<string, string>>
}

/** Signs for somebody. The private key is opaque: it shows in no log. */
export interface SigningKey {
  readonly keyId: string
  readonly privateKey: KeyObject
}

/** The shortest key is longer than this, also in base64. */
const longestPath = 1_024

/**
 * Reads the text of a key file.
 *
 * @throws `TypeError`: when the file can't be read or is empty, or the path is none
 */
export function readKeyFile(path: string, { howToGetOne }: KeyKind): string {
  if (path === '') throw new TypeError(`keyFile is empty: ${isVariableSet}`)
  if (typeof path !== 'string') throw new TypeError('keyFile is the path of the downloaded key')
  if (isContent(path)) {
    throw new TypeError('keyFile holds the content of a key, and takes the path of its file: give the content as key')
  }
  const text = readKeyText(path, howToGetOne)
  if (text.trim() === '') throw new TypeError(`the key file ${path} is empty: ${howToGetOne}`)
  return text
}

/** A key in the place of its path would end up in the message, and in the cause that Node.js makes of it. */
function isContent(path: string): boolean {
  return path.length > longestPath || /^\s*\{|PRIVATE KEY|\n/.test(path)
}

function readKeyText(path: string, howToGetOne: string): string {
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
 * Reads the JSON of a key: the object, its text, or base64 of the text.
 *
 * @throws `TypeError`: when it is none, or a key of another kind; the message never holds any of it
 */
export function readKeyJson(content: unknown, name: string, kind: KeyKind): JsonObject {
  const json = typeof content === 'string' ? parse(content, name, kind) : content
  if (!isJsonObject(json)) throw new TypeError(`${name} is not the JSON of ${kind.what}: ${kind.howToGetOne}`)
  const { type } = json
  if (type === kind.type) return json
  const problem = typeof type === 'string' && Object.hasOwn(kind.others, type) ? kind.others[type] : undefined
  throw new TypeError(`${name} ${problem ?? `has no "type": "${kind.type}"`}: ${kind.howToGetOne}`)
}

function parse(text: string, name: string, { howToGetOne }: KeyKind): unknown {
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

/** Reads a text that a key must have. */
export function readKeyMember(json: JsonObject, member: string, name: string, { howToGetOne }: KeyKind): string {
  const value = json[member]
  if (typeof value !== 'string' || value === '') throw new TypeError(`${name} has no "${member}": ${howToGetOne}`)
  return value
}

/** Reads what signs. ZITADEL writes PKCS#1, which Node.js reads and WebCrypto does not. */
export function readSigningKey(json: JsonObject, name: string, kind: KeyKind): SigningKey {
  const keyId = readKeyMember(json, 'keyId', name, kind)
  return { keyId, privateKey: readPrivateKey(readKeyMember(json, 'key', name, kind), name, kind) }
}

/** Environment variables often hold `\n` as two characters. */
function readPrivateKey(pem: string, name: string, { howToGetOne }: KeyKind): KeyObject {
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
