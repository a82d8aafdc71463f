import { Buffer } from 'node:buffer'
import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import { type HasSigned, minModulusBits, type PublicMembers, type SignatureAlgorithm } from './signature-algorithm.js'

/** A longer key takes as long as a slow curve. */
const fastModulusBits = 4_096

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

/**
 * Imports a public key. What takes less than a request costs is verified at once, and the rest on the thread pool, where it
 * keeps no other request waiting.
 *
 * @param members - of a key of the algorithm's type and curve
 * @param algorithm - the one algorithm that the key verifies
 * @throws `Error`: when it is no key, or an RSA key of less than 2048 bits
 * @see [RFC 7518 section 3.4](https://www.rfc-editor.org/rfc/rfc7518.html#section-3.4): an ECDSA signature is two numbers of
 * the curve's length, and no DER
 */
export async function importPublicKey(members: PublicMembers, algorithm: SignatureAlgorithm): Promise<HasSigned> {
  const { hash, isSlow = false } = procedures[algorithm]
  const key = createPublicKey({ key: members, format: 'jwk' })
  const { modulusLength = minModulusBits } = key.asymmetricKeyDetails ?? {}
  if (modulusLength < minModulusBits) throw new Error(`an RSA key of ZITADEL has less than ${minModulusBits} bits`)
  const parameters = { key, dsaEncoding: 'ieee-p1363' } as const
  if (isSlow || modulusLength > fastModulusBits) return verifyOnThreadPool(hash, parameters)
  return async (text, signature) => verify(hash, Buffer.from(text, 'latin1'), parameters, signature)
}

function verifyOnThreadPool(
  hash: string | null,
  parameters: { readonly key: KeyObject; readonly dsaEncoding: 'ieee-p1363' },
): HasSigned {
  return (text, signature) =>
    new Promise((resolve, reject) => {
      verify(hash, Buffer.from(text, 'latin1'), parameters, signature, (error, isGood) =>
        error === null ? resolve(isGood) : reject(error),
      )
    })
}
