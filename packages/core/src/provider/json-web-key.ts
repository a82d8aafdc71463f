import { isJsonObject, type JsonObject } from '../internal/json.js'
import { importPublicKey } from './public-key.js'
import type { HasSigned, PublicMembers, SignatureAlgorithm } from './signature-algorithm.js'

/** A public key that has been read, and can verify one algorithm. */
export interface VerificationKey {
  readonly keyId: string
  readonly algorithm: SignatureAlgorithm
  /** What makes it this key and no other: its public members. */
  readonly material: string
  /** Imports the key when it is first needed, and once; rejects when it is none. */
  readonly toHasSigned: () => Promise<HasSigned>
}

/** What each algorithm needs of its key: another type or curve under the same name is another key. */
const shapes: Readonly<Record<SignatureAlgorithm, { readonly kty: string; readonly crv?: string }>> = {
  RS256: { kty: 'RSA' },
  RS384: { kty: 'RSA' },
  RS512: { kty: 'RSA' },
  ES256: { kty: 'EC', crv: 'P-256' },
  ES384: { kty: 'EC', crv: 'P-384' },
  ES512: { kty: 'EC', crv: 'P-521' },
  EdDSA: { kty: 'OKP', crv: 'Ed25519' },
}

/** Tells whether a value names an algorithm that this library verifies. */
export function isSignatureAlgorithm(value: unknown): value is SignatureAlgorithm {
  return typeof value === 'string' && Object.hasOwn(shapes, value)
}

/** No ZITADEL has that many keys, and each of them would be looked at. */
const maxKeys = 100

/**
 * Reads a set of public keys. Keys for something else than verifying signatures are left out.
 *
 * @param value - a JSON Web Key Set
 * @returns undefined when the value is no key set, or has more than 100 keys
 * @see [RFC 7517 section 5](https://www.rfc-editor.org/rfc/rfc7517.html#section-5): unknown keys are ignored
 */
export function readKeySet(value: unknown): readonly VerificationKey[] | undefined {
  const keys: unknown = isJsonObject(value) ? value['keys'] : undefined
  if (!Array.isArray(keys) || keys.length > maxKeys) return undefined
  return keys.flatMap((key: unknown) => (isJsonObject(key) ? (readKey(key) ?? []) : []))
}

function readKey(jwk: JsonObject): VerificationKey | undefined {
  const { kid, alg, use = 'sig', kty, crv } = jwk
  if (typeof kid !== 'string' || use !== 'sig' || !isSignatureAlgorithm(alg)) return undefined
  const shape = shapes[alg]
  if (kty !== shape.kty || crv !== shape.crv) return undefined
  const members = toPublicMembers(jwk)
  let imported: Promise<HasSigned> | undefined
  const toHasSigned = (): Promise<HasSigned> => {
    imported ??= importPublicKey(members, alg)
    return imported
  }
  return { keyId: kid, algorithm: alg, material: JSON.stringify([alg, members]), toHasSigned }
}

/** Only the public members: a set that leaks a private key must not make us import it as one. */
function toPublicMembers({ kty, crv, n, e, x, y }: JsonObject): PublicMembers {
  const members = Object.entries({ kty, crv, n, e, x, y })
  return Object.fromEntries(members.filter((member): member is [string, string] => typeof member[1] === 'string'))
}
