import { constants, createHmac, type SignKeyObjectInput, sign } from 'node:crypto'
import type { CorpusKey } from './keys.js'
import type { KnownSecret, SignatureEdit, SignedRecipe } from './recipe.js'
import { tryTo } from './try-to.js'

/** Makes the third part of a token, in the way its recipe says. */
export function createSignature(recipe: SignedRecipe, key: CorpusKey, input: string, payload: Buffer): Buffer {
  const signing = recipe.sign ?? { scheme: key.scheme }
  if ('hex' in signing) return Buffer.from(signing.hex.repeat(signing.repeat ?? 1), 'hex')
  if ('hmac' in signing) return createHmac(signing.hmac, toSecret(signing.secret, key)).update(input).digest()
  if ('scheme' in signing) return signWith(signing.scheme, key, Buffer.from(input))
  if ('after' in signing) return editSignature(signWith(key.scheme, key, Buffer.from(input)), signing.after)
  const [encodedHeader = '', encodedPayload = ''] = input.split('.')
  const inputs = {
    header: Buffer.from(encodedHeader),
    payload: Buffer.from(encodedPayload),
    'decoded payload': Buffer.concat([Buffer.from(`${encodedHeader}.`), payload]),
    'another payload': Buffer.from(`${encodedHeader}.e30`),
  }
  return signWith(key.scheme, key, inputs[signing.over])
}

function signWith(scheme: CorpusKey['scheme'], { privateKey }: CorpusKey, input: Buffer): Buffer {
  if (scheme === 'none') return Buffer.alloc(0)
  if (scheme === 'HMAC') return createHmac('sha256', 'its own').update(input).digest()
  if (scheme === 'EdDSA') return sign(null, input, privateKey)
  const [, family = '', bits = ''] = /^(RS|PS|ECDSA-SHA)(\d+)/.exec(scheme) ?? []
  const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
  const dsaEncoding = scheme.endsWith('-DER') ? 'der' : 'ieee-p1363'
  const options: SignKeyObjectInput = { key: privateKey, dsaEncoding, ...(family === 'PS' ? pss : {}) }
  // Deno signs with a key on P-521 over SHA-512 alone, which is as wrong where the token says ES256.
  return tryTo(() => sign(`sha${bits}`, input, options)) ?? sign('sha512', input, options)
}

function toSecret(secret: KnownSecret, { publicKey, publicJwk, keyId }: CorpusKey): string | Buffer {
  const secrets: Readonly<Record<KnownSecret, () => string | Buffer>> = {
    'spki-pem': () => publicKey.export({ type: 'spki', format: 'pem' }),
    'pkcs1-pem': () => publicKey.export({ type: 'pkcs1', format: 'pem' }),
    'spki-der': () => publicKey.export({ type: 'spki', format: 'der' }),
    jwk: () => JSON.stringify(publicJwk),
    modulus: () => Buffer.from(String(publicJwk.n), 'base64url'),
    empty: () => '',
    secret: () => 'secret',
    kid: () => keyId,
    'its own': () => 'its own',
  }
  return secrets[secret]()
}

const p256Order = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551')
const edwardsOrder = 2n ** 252n + 27742317777372353535851937790883648493n

function editSignature(signature: Buffer, kind: SignatureEdit): Buffer {
  const half = signature.length / 2
  const [first, second] = [signature.subarray(0, half), signature.subarray(half)]
  const edits: Readonly<Record<SignatureEdit, () => Buffer>> = {
    'flip the first bit': () => Buffer.concat([Buffer.of((signature[0] as number) ^ 0x80), signature.subarray(1)]),
    'flip the last bit': () =>
      Buffer.concat([signature.subarray(0, -1), Buffer.of((signature.at(-1) as number) ^ 0x01)]),
    'cut the last byte': () => signature.subarray(0, -1),
    'add a zero byte': () => Buffer.concat([signature, Buffer.of(0)]),
    'put a zero byte before': () => Buffer.concat([Buffer.of(0), signature]),
    double: () => Buffer.concat([signature, signature]),
    'swap the halves': () => Buffer.concat([second, first]),
    'negate s': () => Buffer.concat([first, toBytes(p256Order - toNumber(second))]),
    'add the order to s': () => Buffer.concat([first, reversed(toBytes(toNumber(reversed(second)) + edwardsOrder))]),
  }
  return edits[kind]()
}

const toNumber = (bytes: Buffer): bigint => BigInt(`0x${bytes.toString('hex')}`)
const toBytes = (value: bigint): Buffer => Buffer.from(value.toString(16).padStart(64, '0'), 'hex')
const reversed = (bytes: Buffer): Buffer => Buffer.from(bytes).reverse()
