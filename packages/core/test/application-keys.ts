import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import type { ApplicationKeyJson } from '../src/provider/application-key.js'

/** A key as ZITADEL hands it out, and the public half, which ZITADEL keeps. */
export interface GeneratedKey {
  readonly json: ApplicationKeyJson
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
}

/** Makes a key at run time: none is ever written into a file of this repository. */
export function generateApplicationKey(): GeneratedKey {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
  const json = {
    type: 'application',
    keyId: 'key-1',
    key: privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
    appId: 'app-1',
    clientId: 'client-1',
  }
  return { json, publicKey, privateKey }
}

/** Every slice of a text, so that a test can tell that none of it is told. */
export function slicesOf(text: string, length = 20): readonly string[] {
  return Array.from({ length: Math.max(text.length - length + 1, 0) }, (_, start) => text.slice(start, start + length))
}
