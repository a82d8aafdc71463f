import { Buffer } from 'node:buffer'
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { compactVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { importPublicKey as importOnNode } from './public-key.js'
import { importPublicKey as importOnWorkers } from './public-key.worker.js'
import type { PublicMembers } from './signature-algorithm.js'

const variants = [
  ['on Node.js', importOnNode],
  ['on workers', importOnWorkers],
] as const

const rsa = (modulusLength: number) => () => generateKeyPairSync('rsa', { modulusLength })
const ec = (namedCurve: string) => () => generateKeyPairSync('ec', { namedCurve })

const kinds = [
  ['RS256', 'sha256', 256, rsa(2_048)],
  ['RS256', 'sha256', 384, rsa(3_072)],
  ['RS384', 'sha384', 256, rsa(2_048)],
  ['RS512', 'sha512', 256, rsa(2_048)],
  // On the thread pool, as the slow curves are.
  ['RS256', 'sha256', 513, rsa(4_104)],
  ['ES256', 'sha256', 64, ec('P-256')],
  ['ES384', 'sha384', 96, ec('P-384')],
  ['ES512', 'sha512', 132, ec('P-521')],
  ['EdDSA', null, 64, () => generateKeyPairSync('ed25519')],
] as const

const toMembers = (key: KeyObject): PublicMembers => key.export({ format: 'jwk' }) as PublicMembers
const encode = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url')
const toInput = (alg: string): string =>
  [{ alg }, {}].map((part) => encode(Buffer.from(JSON.stringify(part)))).join('.')

const joseAccepts = (token: string, key: KeyObject): Promise<boolean> =>
  compactVerify(token, key).then(
    () => true,
    () => false,
  )

/** What has settled before anything else had its turn. */
async function settlesAtOnce(promise: Promise<unknown>): Promise<boolean> {
  let hasSettled = false
  const settle = (): void => {
    hasSettled = true
  }
  promise.then(settle, settle)
  for (let turn = 0; turn < 5; turn += 1) await undefined
  return hasSettled
}

const rsaOf = (bits: number): PublicMembers => ({ kty: 'RSA', n: encode(Buffer.alloc(bits / 8, 0xff)), e: 'AQAB' })

describe('importPublicKey', () => {
  for (const [what, algorithm, members, isAtOnce] of [
    ['RSA of 2,048 bits', 'RS256', rsaOf(2_048), true],
    ['RSA of 4,096 bits', 'RS512', rsaOf(4_096), true],
    ['RSA of 4,104 bits', 'RS256', rsaOf(4_104), false],
    ['P-256', 'ES256', toMembers(ec('P-256')().publicKey), true],
    ['P-384', 'ES384', toMembers(ec('P-384')().publicKey), false],
    ['P-521', 'ES512', toMembers(ec('P-521')().publicKey), false],
    ['Ed25519', 'EdDSA', toMembers(generateKeyPairSync('ed25519').publicKey), true],
  ] as const) {
    it(`verifies ${what} ${isAtOnce ? 'at once' : 'on the thread pool'}`, async () => {
      const hasSigned = await importOnNode(members, algorithm)
      const verdict = hasSigned('text', Buffer.alloc(64))
      expect(await settlesAtOnce(verdict)).toBe(isAtOnce)
      expect(await verdict).toBe(false)
    })
  }
})

describe.each(variants)('importPublicKey %s', (_, importPublicKey) => {
  for (const [algorithm, hash, bytes, generate] of kinds) {
    describe(`for a signature by ${algorithm}, of ${bytes} bytes`, () => {
      const { publicKey, privateKey } = generate()
      const input = toInput(algorithm)
      const good = sign(hash, Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' })
      const isAccepted = async (signature: Uint8Array, key: KeyObject = publicKey): Promise<boolean> =>
        (await importPublicKey(toMembers(key), algorithm))(input, signature)

      it('knows a good one', async () => {
        expect(good).toHaveLength(bytes)
        expect(await isAccepted(good)).toBe(true)
        expect(await joseAccepts(`${input}.${encode(good)}`, publicKey)).toBe(true)
      })

      for (const [what, signature] of [
        ['none', Buffer.alloc(0)],
        ['one byte', good.subarray(0, 1)],
        ['one without its first byte', good.subarray(1)],
        ['one without its last byte', good.subarray(0, -1)],
        ['half of one', good.subarray(bytes / 2)],
        ['one after a zero', Buffer.concat([Buffer.alloc(1), good])],
        ['one before a zero', Buffer.concat([good, Buffer.alloc(1)])],
        ['one twice', Buffer.concat([good, good])],
        ['one of a megabyte', Buffer.concat([good, Buffer.alloc(1_000_000)])],
        ['zeros', Buffer.alloc(bytes)],
        ['ones', Buffer.alloc(bytes, 0xff)],
        ['one over something else', sign(hash, Buffer.from('else'), { key: privateKey, dsaEncoding: 'ieee-p1363' })],
        ['one whose last bit is turned', Buffer.concat([good.subarray(0, -1), Uint8Array.of((good.at(-1) ?? 0) ^ 1)])],
      ] as const) {
        it(`refuses ${what}, as jose does`, async () => {
          expect(await isAccepted(signature)).toBe(false)
          expect(await joseAccepts(`${input}.${encode(signature)}`, publicKey)).toBe(false)
        })
      }

      it('refuses a good one of another key', async () =>
        expect(await isAccepted(good, generate().publicKey)).toBe(false))
    })
  }

  for (const [algorithm, hash, , generate] of kinds.filter(([name]) => name.startsWith('ES'))) {
    it(`refuses one by ${algorithm} in DER, as OpenSSL writes them (RFC 7518 section 3.4)`, async () => {
      const { publicKey, privateKey } = generate()
      const der = sign(hash, Buffer.from('text'), { key: privateKey, dsaEncoding: 'der' })
      expect(await (await importPublicKey(toMembers(publicKey), algorithm))('text', der)).toBe(false)
    })
  }

  for (const [what, members, algorithm] of [
    ['no members', {}, 'RS256'],
    ['an RSA key without a modulus', { kty: 'RSA', e: 'AQAB' }, 'RS256'],
    [
      'an EC key off its curve',
      { kty: 'EC', crv: 'P-256', x: encode(Buffer.alloc(32, 7)), y: encode(Buffer.alloc(32, 7)) },
      'ES256',
    ],
    ['an EC key that is cut off', { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' }, 'ES256'],
    ['an Ed25519 key that is cut off', { kty: 'OKP', crv: 'Ed25519', x: 'AA' }, 'EdDSA'],
  ] as const) {
    it(`rejects ${what}`, () => expect(importPublicKey(members, algorithm)).rejects.toThrow())
  }

  for (const bits of [512, 1_024, 2_040]) {
    it(`rejects an RSA key of ${bits} bits (RFC 7518 section 3.3)`, () =>
      expect(
        importPublicKey({ kty: 'RSA', n: encode(Buffer.alloc(bits / 8, 0xff)), e: 'AQAB' }, 'RS256'),
      ).rejects.toThrow())
  }

  for (const bits of [2_048, 4_096, 8_192]) {
    it(`takes an RSA key of ${bits} bits`, async () =>
      expect(
        await importPublicKey({ kty: 'RSA', n: encode(Buffer.alloc(bits / 8, 0xff)), e: 'AQAB' }, 'RS256'),
      ).toBeTypeOf('function'))
  }
})
