import { generateKeyPairSync, type JsonWebKey, type KeyObject } from 'node:crypto'
import type { KeyName, Scheme } from './recipe.js'
import { tryTo } from './try-to.js'

/** A key of the corpus. */
export interface CorpusKey {
  readonly keyId: string
  readonly algorithm: string
  readonly scheme: Scheme | 'EdDSA' | 'HMAC'
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  readonly publicJwk: JsonWebKey
  readonly isPublished: boolean
}

/** Makes all keys at run time: what is wrong with each is in its name. */
export function createKeys(): ReadonlyMap<KeyName, CorpusKey> {
  const keys = new Map<KeyName, CorpusKey>()
  const add = (
    name: KeyName,
    scheme: CorpusKey['scheme'],
    { publicKey, privateKey }: { publicKey: KeyObject; privateKey: KeyObject },
    { algorithm = name as string, keyId = name as string, isPublished = true, jwk = {} as object } = {},
  ): void => {
    const publicJwk = { ...publicKey.export({ format: 'jwk' }), use: 'sig', kid: keyId, alg: algorithm, ...jwk }
    keys.set(name, { keyId, algorithm, scheme, publicKey, privateKey, publicJwk, isPublished })
  }
  const rsa = (modulusLength = 2_048) => generateKeyPairSync('rsa', { modulusLength })
  const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve })
  const attacker = { isPublished: false }

  for (const name of ['RS256', 'RS384', 'RS512'] as const) add(name, name, rsa())
  add('ES256', 'ECDSA-SHA256', ec('P-256'))
  add('ES384', 'ECDSA-SHA384', ec('P-384'))
  add('ES512', 'ECDSA-SHA512', ec('P-521'))
  add('EdDSA', 'EdDSA', generateKeyPairSync('ed25519'))
  add('RSA of 1024 bits', 'RS256', rsa(1_024), { algorithm: 'RS256' })
  add('RSA for encryption', 'RS256', rsa(), { algorithm: 'RS256', jwk: { use: 'enc' } })
  add('RSA for any algorithm', 'RS256', rsa(), { algorithm: 'RS256', jwk: { alg: undefined } })
  // Bun has neither of the two curves: there the published key says that it is on it, and is not.
  const ed448 = tryTo(() => generateKeyPairSync('ed448')) ?? generateKeyPairSync('ed25519')
  add('Ed448', 'EdDSA', ed448, { algorithm: 'EdDSA', jwk: { crv: 'Ed448' } })
  const secp256k1 = tryTo(() => ec('secp256k1')) ?? ec('P-256')
  add('secp256k1', 'ECDSA-SHA256', secp256k1, { algorithm: 'ES256', jwk: { crv: 'secp256k1' } })
  const k = Buffer.from('its own').toString('base64url')
  const secret = { kty: 'oct', k, n: undefined, e: undefined }
  add('a published secret', 'HMAC', rsa(), { algorithm: 'HS256', jwk: secret })
  add('shared id RSA', 'RS256', rsa(), { algorithm: 'RS256', keyId: 'shared id' })
  add('shared id EC', 'ECDSA-SHA256', ec('P-256'), { algorithm: 'ES256', keyId: 'shared id' })
  add('__proto__', 'ECDSA-SHA256', ec('P-256'), { algorithm: 'ES256' })
  add('RSA of an attacker', 'RS256', rsa(), { ...attacker, algorithm: 'RS256' })
  add('EC of an attacker', 'ECDSA-SHA256', ec('P-256'), { ...attacker, algorithm: 'ES256' })
  add('Ed25519 of an attacker', 'EdDSA', generateKeyPairSync('ed25519'), { ...attacker, algorithm: 'EdDSA' })
  return keys
}
