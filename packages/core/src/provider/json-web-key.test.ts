import { Buffer } from 'node:buffer'
import { generateKeyPairSync } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { algorithms, generateSigningKey, type SigningKey } from '../../test/signing-keys.js'
import { isSignatureAlgorithm, readKeySet, type VerificationKey } from './json-web-key.js'
import type { SignatureAlgorithm } from './signature-algorithm.js'

const keys = new Map<SignatureAlgorithm, SigningKey>()
beforeAll(async () => {
  for (const algorithm of algorithms) keys.set(algorithm, await generateSigningKey(algorithm))
})
const keyFor = (algorithm: SignatureAlgorithm): SigningKey => keys.get(algorithm) as SigningKey
async function hasSigned(key: VerificationKey | undefined, token: string): Promise<boolean | undefined> {
  const end = token.lastIndexOf('.')
  return (await key?.toHasSigned())?.(token.slice(0, end), Buffer.from(token.slice(end + 1), 'base64url'))
}
const idsOf = (value: unknown) => readKeySet(value)?.map(({ keyId, algorithm }) => [keyId, algorithm])

describe('isSignatureAlgorithm', () => {
  for (const algorithm of algorithms) {
    it(`knows ${algorithm}`, () => expect(isSignatureAlgorithm(algorithm)).toBe(true))
  }

  for (const value of [
    'none',
    'HS256',
    'PS256',
    'ES256K',
    'RSA-OAEP',
    'rs256',
    '',
    'toString',
    '__proto__',
    'constructor',
    null,
    undefined,
    256,
    ['RS256'],
    { alg: 'RS256' },
  ]) {
    it(`does not know ${JSON.stringify(value)}`, () => expect(isSignatureAlgorithm(value)).toBe(false))
  }
})

describe('readKeySet', () => {
  for (const algorithm of algorithms) {
    it(`reads a key for ${algorithm}, and imports it for verifying`, async () => {
      const [key] = readKeySet({ keys: [keyFor(algorithm).publicJwk] }) ?? []
      expect(key).toMatchObject({ keyId: `key-${algorithm}`, algorithm })
      expect(await hasSigned(key, await keyFor(algorithm).sign({}))).toBe(true)
    })

    it(`keeps no private member of a key for ${algorithm}`, async () => {
      const [key] = readKeySet({ keys: [keyFor(algorithm).privateJwk] }) ?? []
      expect(Object.keys(JSON.parse(key?.material ?? '')[1]).join()).toMatch(/^(kty,n,e|kty,crv,x(,y)?)$/)
      expect(await hasSigned(key, await keyFor(algorithm).sign({}))).toBe(true)
    })
  }

  it('imports a key once for all who need it', () => {
    const [key] = readKeySet({ keys: [keyFor('ES256').publicJwk] }) ?? []
    expect(key?.toHasSigned()).toBe(key?.toHasSigned())
  })

  it('takes a key without use for one that signs (RFC 7517 section 4.2)', () => {
    const { use, ...rest } = keyFor('ES256').publicJwk
    expect([use, idsOf({ keys: [rest] })]).toEqual(['sig', [['key-ES256', 'ES256']]])
  })

  it('leaves out what it does not know, and keeps the rest (RFC 7517 section 5)', () => {
    const key = keyFor('ES256').publicJwk
    expect(idsOf({ keys: [{ kty: 'future' }, null, 'key', 7, [], {}, key], extra: true })).toEqual([
      ['key-ES256', 'ES256'],
    ])
  })

  for (const [what, algorithm, change] of [
    ['for encryption', 'RS256', { use: 'enc' }],
    ['whose use is null', 'RS256', { use: null }],
    ['without kid', 'RS256', { kid: undefined }],
    ['whose kid is a number', 'RS256', { kid: 7 }],
    ['without alg', 'RS256', { alg: undefined }],
    ['whose alg is none', 'RS256', { alg: 'none' }],
    ['whose alg is symmetric', 'RS256', { alg: 'HS256' }],
    ['whose alg encrypts', 'RS256', { alg: 'RSA-OAEP' }],
    ['whose alg is off the prototype', 'RS256', { alg: 'constructor' }],
    ['of a secret', 'RS256', { kty: 'oct', k: 'c2VjcmV0' }],
    ['of another type than its alg', 'RS256', { alg: 'ES256' }],
    ['of another type than its alg, the other way', 'ES256', { alg: 'RS256' }],
    ['of another curve than its alg', 'ES256', { alg: 'ES384' }],
    ['of another curve by name', 'ES256', { crv: 'secp256k1' }],
    ['without its curve', 'ES256', { crv: undefined }],
    ['of the other Edwards curve', 'EdDSA', { crv: 'Ed448' }],
    ['for key agreement', 'EdDSA', { crv: 'X25519' }],
    ['with a curve that RSA does not have', 'RS256', { crv: 'P-256' }],
  ] as const) {
    it(`leaves out a key ${what}`, () =>
      expect(readKeySet({ keys: [{ ...keyFor(algorithm).publicJwk, ...change }] })).toEqual([]))
  }

  for (const value of [
    undefined,
    null,
    'keys',
    7,
    [],
    {},
    { keys: null },
    { keys: {} },
    { keys: 'key' },
    { key: [] },
  ]) {
    it(`takes ${JSON.stringify(value)} for no key set`, () => expect(readKeySet(value)).toBeUndefined())
  }

  it('reads an empty set', () => expect(readKeySet({ keys: [] })).toEqual([]))

  it('reads a hundred keys, and not one more', () => {
    const many = Array.from({ length: 100 }, (_, index) => ({ ...keyFor('ES256').publicJwk, kid: `key-${index}` }))
    expect(readKeySet({ keys: many })).toHaveLength(100)
    expect(readKeySet({ keys: [...many, {}] })).toBeUndefined()
  })

  for (const [what, change] of [
    ['whose members are no texts', { x: 7, y: ['AA'] }],
    ['off its curve', { x: 'AA' }],
    ['without coordinates', { x: undefined, y: undefined }],
  ] as const) {
    it(`fails to import a key ${what} only when it is needed`, async () => {
      const [key] = readKeySet({ keys: [{ ...keyFor('ES256').publicJwk, ...change }] }) ?? []
      await expect(key?.toHasSigned()).rejects.toThrow()
    })
  }

  for (const [what, change] of [
    ['without a modulus', { n: undefined }],
    ['whose exponent is no text', { e: 65_537 }],
  ] as const) {
    it(`fails to import a key ${what} only when it is needed`, async () => {
      const [key] = readKeySet({ keys: [{ ...keyFor('RS256').publicJwk, ...change }] }) ?? []
      await expect(key?.toHasSigned()).rejects.toThrow()
    })
  }

  it('reads the keys as Node.js exports them', async () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' })
    const [key] = readKeySet({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k', alg: 'ES384' }] }) ?? []
    expect(await key?.toHasSigned()).toBeTypeOf('function')
  })
})
