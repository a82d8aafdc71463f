import { generateKeyPairSync, type KeyObject } from 'node:crypto'

/** The algorithms that a ZITADEL key can have. */
export type SigningAlgorithm = 'RS256' | 'RS384' | 'RS512' | 'ES256' | 'ES384' | 'ES512' | 'EdDSA'

interface KeyPair {
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

/** One web key. ZITADEL signs access, ID and logout tokens with the same ones. */
export interface SigningKey extends KeyPair {
  readonly keyId: string
  readonly algorithm: SigningAlgorithm
}

export interface SigningKeys {
  /** The key that signs. */
  active(): SigningKey
  /** The keys that sign, or have signed and were not deleted, oldest first. */
  all(): readonly SigningKey[]
  /** Those, and the one that ZITADEL has ready for the next rotation. */
  published(): readonly SigningKey[]
  /** The key that a token names, also a deleted one that was found here less than a day ago: ZITADEL remembers it. */
  findForVerification(keyId: string, nowMs: number): SigningKey | undefined
  rotate(algorithm: SigningAlgorithm): SigningKey
  delete(keyId: string): void
}

const REMEMBERED_MS = 86_400_000

const rsa = () => generateKeyPairSync('rsa', { modulusLength: 2048 })

const generators: Readonly<Record<SigningAlgorithm, () => KeyPair>> = {
  RS256: rsa,
  RS384: rsa,
  RS512: rsa,
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  ES384: () => generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  ES512: () => generateKeyPairSync('ec', { namedCurve: 'P-521' }),
  EdDSA: () => generateKeyPairSync('ed25519'),
}

export const signingAlgorithms = Object.keys(generators)

/** The next key of every instance in this process: it never signs, and RSA generation is slow. */
let spare: KeyPair | undefined
function spareKeyPair(): KeyPair {
  spare ??= rsa()
  return spare
}

/** Creates the set of web keys. The first one, RS256, is made when it is first needed: RSA generation is slow. */
export function createSigningKeys(nextId: () => string): SigningKeys {
  let keys: readonly SigningKey[] = []
  let next: SigningKey | undefined
  const found = new Map<string, { readonly key: SigningKey; readonly atMs: number }>()

  const rotate = (algorithm: SigningAlgorithm): SigningKey => {
    const key = { keyId: nextId(), algorithm, ...generators[algorithm]() }
    keys = [...keys, key]
    return key
  }
  const active = (): SigningKey => keys.at(-1) ?? rotate('RS256')
  const all = (): readonly SigningKey[] => {
    active()
    return keys
  }
  const recall = (keyId: string, nowMs: number): SigningKey | undefined => {
    const { key, atMs } = found.get(keyId) ?? { key: undefined, atMs: 0 }
    return nowMs - atMs < REMEMBERED_MS ? key : undefined
  }

  return {
    active,
    all,
    published() {
      const signing = all()
      next ??= { keyId: nextId(), algorithm: 'RS256', ...spareKeyPair() }
      return [...signing, next]
    },
    rotate(algorithm) {
      active()
      return rotate(algorithm)
    },
    findForVerification(keyId, nowMs) {
      const key = keys.find((existing) => existing.keyId === keyId) ?? recall(keyId, nowMs)
      if (key) found.set(keyId, { key, atMs: nowMs })
      return key
    },
    delete(keyId) {
      if (keyId === active().keyId) throw new Error('the active key cannot be deleted: rotate the keys first')
      keys = keys.filter((key) => key.keyId !== keyId)
    },
  }
}
