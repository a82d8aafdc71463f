import { Buffer } from 'node:buffer'
import { type KeyObject, verify } from 'node:crypto'
import type { SignatureAlgorithm } from '../../provider/json-web-key.js'

interface Procedure {
  readonly hash: string | null
  /** A curve whose signatures take longer to verify than a request takes. */
  readonly isSlow?: true
}

const procedures: Readonly<Record<SignatureAlgorithm, Procedure>> = {
  RS256: { hash: 'sha256' },
  RS384: { hash: 'sha384' },
  RS512: { hash: 'sha512' },
  ES256: { hash: 'sha256' },
  ES384: { hash: 'sha384', isSlow: true },
  ES512: { hash: 'sha512', isSlow: true },
  EdDSA: { hash: null },
}

/** A longer key takes as long as a slow curve. */
const fastModulusBits = 4_096

/**
 * Tells whether a signature is that of a key. What takes less than a request costs is verified at once, and the rest on
 * the thread pool, where it keeps no other request waiting.
 *
 * @param token - three segments, canonical base64url
 * @param algorithm - the key's own
 * @param key - a public key of the algorithm's type and curve
 * @see [RFC 7515 section 5.2](https://www.rfc-editor.org/rfc/rfc7515.html#section-5.2),
 * [RFC 7518 section 3.4](https://www.rfc-editor.org/rfc/rfc7518.html#section-3.4): an ECDSA signature is two numbers of
 * the curve's length, and no DER
 */
export async function hasSignature(token: string, algorithm: SignatureAlgorithm, key: KeyObject): Promise<boolean> {
  const { hash, isSlow = false } = procedures[algorithm]
  const end = token.lastIndexOf('.')
  const signed = Buffer.from(token.slice(0, end), 'latin1')
  const signature = Buffer.from(token.slice(end + 1), 'base64url')
  const parameters = { key, dsaEncoding: 'ieee-p1363' } as const
  const { modulusLength = 0 } = key.asymmetricKeyDetails ?? {}
  if (!isSlow && modulusLength <= fastModulusBits) return verify(hash, signed, parameters, signature)
  return new Promise((resolve, reject) => {
    verify(hash, signed, parameters, signature, (error, isGood) => (error === null ? resolve(isGood) : reject(error)))
  })
}
