import { Buffer } from 'node:buffer'
import { webcrypto } from 'node:crypto'
import { type HasSigned, minModulusBits, type PublicMembers, type SignatureAlgorithm } from './signature-algorithm.js'

const rsa = (hash: string) => ({ name: 'RSASSA-PKCS1-v1_5', hash })
const ecdsa = (namedCurve: string, hash: string) => ({ name: 'ECDSA', namedCurve, hash })

const procedures: Readonly<Record<SignatureAlgorithm, { name: string; hash?: string; namedCurve?: string }>> = {
  RS256: rsa('SHA-256'),
  RS384: rsa('SHA-384'),
  RS512: rsa('SHA-512'),
  ES256: ecdsa('P-256', 'SHA-256'),
  ES384: ecdsa('P-384', 'SHA-384'),
  ES512: ecdsa('P-521', 'SHA-512'),
  EdDSA: { name: 'Ed25519' },
}

/**
 * Imports a public key on workers, whose `node:crypto` does not verify every algorithm: by WebCrypto.
 *
 * @param members - of a key of the algorithm's type and curve
 * @param algorithm - the one algorithm that the key verifies
 * @throws `Error`: when it is no key, or an RSA key of less than 2048 bits
 */
export async function importPublicKey(members: PublicMembers, algorithm: SignatureAlgorithm): Promise<HasSigned> {
  const procedure = procedures[algorithm]
  const { subtle } = webcrypto
  const key = await subtle.importKey('jwk', members, procedure as webcrypto.RsaHashedImportParams, false, ['verify'])
  const { modulusLength = minModulusBits } = key.algorithm as Partial<webcrypto.RsaHashedKeyAlgorithm>
  if (modulusLength < minModulusBits) throw new Error(`an RSA key of ZITADEL has less than ${minModulusBits} bits`)
  return async (text, signature) => {
    try {
      return await subtle.verify(procedure as webcrypto.EcdsaParams, key, signature, Buffer.from(text, 'latin1'))
    } catch {
      // That of Cloudflare throws for a signature that is none, such as one of Ed25519 that has another length.
      return false
    }
  }
}
