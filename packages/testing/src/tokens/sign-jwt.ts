import { createHash, sign } from 'node:crypto'
import type { SigningAlgorithm, SigningKey } from './signing-keys.js'

/** `null` where the algorithm brings its own hash. */
const digests: Readonly<Record<SigningAlgorithm, 'sha256' | 'sha384' | 'sha512' | null>> = {
  RS256: 'sha256',
  RS384: 'sha384',
  RS512: 'sha512',
  ES256: 'sha256',
  ES384: 'sha384',
  ES512: 'sha512',
  EdDSA: null,
}

/**
 * Signs a payload as every JWT of ZITADEL is signed: `typ` is always `JWT`, for access, ID and logout tokens alike.
 *
 * Synchronous, unlike jose, so that a test can mint a token in the middle of an expression.
 */
export function signJwt({ keyId, algorithm, privateKey }: SigningKey, payload: object): string {
  const signed = [{ alg: algorithm, kid: keyId, typ: 'JWT' }, payload].map(encode).join('.')
  const signature = sign(digests[algorithm], Buffer.from(signed), { key: privateKey, dsaEncoding: 'ieee-p1363' })
  return `${signed}.${signature.toString('base64url')}`
}

/**
 * The left half of a token's hash: an ID token's `at_hash`.
 *
 * @see [OpenID Connect Core, section 3.1.3.6](https://openid.net/specs/openid-connect-core-1_0.html#CodeIDToken)
 */
export function halfHash({ algorithm }: SigningKey, token: string): string {
  const hash = createHash(digests[algorithm] ?? 'sha512')
    .update(token)
    .digest()
  return hash.subarray(0, hash.length / 2).toString('base64url')
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}
