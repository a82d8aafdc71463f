import { Buffer } from 'node:buffer'
import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import { generateApplicationKey, slicesOf } from '../../test/application-keys.js'
import { outcomeOf, typeError } from '../../test/expected-errors.js'
import { readApplicationKey, readApplicationKeyFile } from './application-key.js'

const { json, publicKey, privateKey } = generateApplicationKey()
const text = JSON.stringify(json)
const base64 = Buffer.from(text).toString('base64')
const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const short = generateKeyPairSync('rsa', { modulusLength: 1_024 }).privateKey
const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
const encrypted = privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'words' })

const folder = mkdtempSync(join(tmpdir(), 'application-key-'))
afterAll(() => rmSync(folder, { recursive: true }))

function write(name: string, content: string): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const howToGetOne = 'in the ZITADEL Console, open the API application, create a new key of type JSON'
const notJson = `the key is not JSON, or is cut off: ${howToGetOne}`
const empty = 'the key is empty: is the environment variable set?'
const notAKey = `the key is not the JSON of an application key: ${howToGetOne}`
const noType = `the key has no "type": "application": ${howToGetOne}`
const notPem = `the "key" in the key is not a private key in PEM, or is cut off: ${howToGetOne}`
const notRsa = `the "key" in the key is not an RSA key of at least 2048 bits: ${howToGetOne}`
const contentAsPath = 'keyFile holds the content of a key, and takes the path of its file: give the content as key'

const accepted: readonly (readonly [string, unknown])[] = [
  ['the object', json],
  ['its JSON text', text],
  ['its JSON text, indented and with line breaks around it', `\n${JSON.stringify(json, null, 2)}\r\n`],
  ['its JSON text behind a byte order mark', `\ufeff${text}`],
  ['its JSON text between byte order marks and spaces', `\ufeff \n${text}\n\ufeff`],
  ['base64 of the text', base64],
  ['base64 of the text behind a byte order mark', Buffer.from(`\ufeff${text}\n`).toString('base64')],
  ['base64 behind a byte order mark', `\ufeff${base64}\n`],
  ['base64 in lines, as the command base64 writes it', base64.replace(/.{76}/g, '$&\n')],
  ['base64 without padding', base64.replace(/=+$/, '')],
  ['base64url of the text', Buffer.from(text).toString('base64url')],
  ['a key in PKCS#8', { ...json, key: pkcs8 }],
  ['a key whose line breaks are two characters', { ...json, key: json.key.replaceAll('\n', '\\n') }],
  ['a key with line breaks of Windows', { ...json, key: json.key.replaceAll('\n', '\r\n') }],
  ['a key with members that this library does not know', { ...json, userId: 'user-1' }],
]

const refused: readonly (readonly [string, unknown, string])[] = [
  ['undefined', undefined, notAKey],
  ['null', null, notAKey],
  ['a number', 7, notAKey],
  ['a list', [json], notAKey],
  ['base64 of a JSON text', Buffer.from('"a text"').toString('base64'), notAKey],
  ['base64 of a JSON list', Buffer.from(`[${text}]`).toString('base64'), notAKey],
  ['an empty text', '', empty],
  ['a text of spaces', ' \n', empty],
  ['a byte order mark alone', '\ufeff', empty],
  ['base64 of a byte order mark alone', Buffer.from('\ufeff').toString('base64'), notJson],
  ['the path of a file', './api.json', notJson],
  ['the PEM alone', json.key, notJson],
  ['JSON that is cut off', text.slice(0, -10), notJson],
  ['JSON that is cut off in the key', text.slice(0, 400), notJson],
  ['JSON with a comma too many', `${text.slice(0, -1)},}`, notJson],
  ['base64 that is cut off', base64.slice(0, 800), notJson],
  ['JSON in JSON', JSON.stringify(text), notJson],
  ['an object that is empty', {}, noType],
  ['a key of another type', { ...json, type: 'x509' }, noType],
  [
    'a key of a service account',
    { ...json, type: 'serviceaccount', userId: 'user-1' },
    `the key belongs to a service account, and an API needs the key of an API application: ${howToGetOne}`,
  ],
  ['a key without id', { ...json, keyId: undefined }, `the key has no "keyId": ${howToGetOne}`],
  ['a key with an id that is a number', { ...json, keyId: 7 }, `the key has no "keyId": ${howToGetOne}`],
  ['a key without client id', { ...json, clientId: '' }, `the key has no "clientId": ${howToGetOne}`],
  ['a key without PEM', { ...json, key: undefined }, `the key has no "key": ${howToGetOne}`],
  ['a key that is an object', { ...json, key: { pem: json.key } }, `the key has no "key": ${howToGetOne}`],
  ['a PEM that is cut off', { ...json, key: json.key.slice(0, 800) }, notPem],
  ['a PEM without its first line', { ...json, key: json.key.slice(json.key.indexOf('\n')) }, notPem],
  ['a PEM with a character changed for another', { ...json, key: json.key.replace(/[A-Z]{2}/g, '!!') }, notPem],
  ['a PEM that needs a passphrase', { ...json, key: encrypted.toString() }, notPem],
  ['a public key', { ...json, key: publicKey.export({ type: 'spki', format: 'pem' }).toString() }, notPem],
  ['an RSA key of 1024 bits', { ...json, key: short.export({ type: 'pkcs1', format: 'pem' }).toString() }, notRsa],
  ['an elliptic curve key', { ...json, key: elliptic.export({ type: 'pkcs8', format: 'pem' }).toString() }, notRsa],
]

const contents: readonly (readonly [string, string])[] = [
  ['the JSON text', text],
  ['the JSON text, indented', `\n${JSON.stringify(json, null, 2)}`],
  ['base64 of the text', base64],
  ['the PEM', json.key],
  ['the PEM with line breaks of two characters', json.key.replaceAll('\n', '\\n')],
  ['the inner lines of the PEM', json.key.split('\n').slice(1, -2).join('\n')],
  ['the inner lines of the PEM in one', json.key.split('\n').slice(1, -2).join('')],
]

describe('readApplicationKey', () => {
  for (const [what, content] of accepted) {
    it(`reads ${what}`, () => {
      const key = readApplicationKey(content)
      expect([key.keyId, key.clientId]).toEqual(['key-1', 'client-1'])
      expect(createPublicKey(key.privateKey).equals(publicKey)).toBe(true)
    })
  }

  for (const [what, content, message] of refused) {
    it(`takes ${what} for a mistake`, () => expect(() => readApplicationKey(content)).toThrow(typeError(message)))
  }

  // Not in the table, which every runtime must be able to make: docs/runtimes.md.
  it('takes an RSA-PSS key for a mistake', () => {
    const pss = generateKeyPairSync('rsa-pss', { modulusLength: 2_048 }).privateKey
    const key = pss.export({ type: 'pkcs8', format: 'pem' }).toString()
    expect(() => readApplicationKey({ ...json, key })).toThrow(typeError(notRsa))
  })

  it('gives a key that shows in no log', () => {
    const shown = [
      inspect(readApplicationKey(json), { depth: null, showHidden: true }),
      JSON.stringify(readApplicationKey(json)),
    ]
    expect(slicesOf(json.key).filter((slice) => shown.join().includes(slice))).toEqual([])
  })
})

describe('readApplicationKeyFile', () => {
  it('reads a file', () =>
    expect(readApplicationKeyFile(write('good.json', text))).toMatchObject({ keyId: 'key-1', clientId: 'client-1' }))

  it('names the file in its messages', () => {
    const path = write('wrong.json', '{}')
    expect(() => readApplicationKeyFile(path)).toThrow(
      typeError(`the key file ${path} has no "type": "application": ${howToGetOne}`),
    )
  })

  for (const [what, path, reason, code] of [
    ['no such file', join(folder, 'missing.json'), 'there is no such file', 'ENOENT'],
    ['a folder', folder, 'it is a folder', 'EISDIR'],
    ['a file in a file', join(write('file', ''), 'api.json'), 'ENOTDIR', 'ENOTDIR'],
  ] as const) {
    it(`says why it can't read ${what}, and keeps the cause`, () =>
      expect(() => readApplicationKeyFile(path)).toThrow(
        expect.objectContaining({
          name: 'TypeError',
          message: `the key file ${path} cannot be read (${reason}): ${howToGetOne}`,
          cause: expect.objectContaining({ code }),
        }),
      ))
  }

  it('reads a file behind a byte order mark', () =>
    expect(readApplicationKeyFile(write('marked.json', `\ufeff${text}`))).toMatchObject({ keyId: 'key-1' }))

  for (const content of ['', '\n', '\ufeff']) {
    it(`says that a file is empty that holds ${JSON.stringify(content)}`, () => {
      const path = write('empty.json', content)
      expect(() => readApplicationKeyFile(path)).toThrow(typeError(`the key file ${path} is empty: ${howToGetOne}`))
    })
  }

  it('says that an empty path is empty, as an environment variable may be', () =>
    expect(() => readApplicationKeyFile('')).toThrow(typeError('keyFile is empty: is the environment variable set?')))

  for (const path of [undefined, null, 7, {}, Buffer.from('api.json')]) {
    it(`takes ${typeof path} ${JSON.stringify(path)} for a mistake`, () =>
      expect(() => readApplicationKeyFile(path as string)).toThrow(
        typeError('keyFile is the path of the downloaded key'),
      ))
  }

  for (const [what, content] of contents) {
    it(`takes ${what} in the place of a path for a mistake, without naming it`, () =>
      expect(() => readApplicationKeyFile(content)).toThrow(typeError(contentAsPath)))
  }
})

describe('an error about a key', () => {
  const secrets = [json.key, pkcs8, base64, encrypted.toString()].flatMap((secret) => slicesOf(secret))
  const calls = [
    ...refused.map(([what, content]) => [what, () => readApplicationKey(content)] as const),
    ...refused.map(
      ([what, content], index) =>
        [
          `a file with ${what}`,
          () =>
            readApplicationKeyFile(
              write(`refused-${index}.json`, typeof content === 'string' ? content : `${JSON.stringify(content)}`),
            ),
        ] as const,
    ),
    ...contents.map(([what, content]) => [`${what} as path`, () => readApplicationKeyFile(content)] as const),
  ]

  for (const [what, call] of calls) {
    it(`tells no 20 characters of the key: ${what}`, async () => {
      const error = await outcomeOf(call)
      expect(error).toBeInstanceOf(TypeError)
      const { message, stack, cause } = error as Error
      const told = [message, stack, inspect(cause, { depth: null, showHidden: true }), String(cause)]
      const shown = [...told, inspect(error, { depth: null, showHidden: true })].join('\n')
      expect(secrets.filter((slice) => shown.includes(slice))).toEqual([])
    })
  }
})
