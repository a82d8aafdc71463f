import { generateKeyPairSync, type KeyObject } from 'node:crypto'

/** The algorithms a ZITADEL web key can have. */
export type SigningAlgorithm = 'RS256' | 'RS384' | 'RS512' | 'ES256' | 'ES384' | 'ES512' | 'EdDSA'

/** One web key. ZITADEL signs access, ID and logout tokens with the same ones. */
export interface SigningKey {
  readonly keyId: string
  readonly algorithm: SigningAlgorithm
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

export interface SigningKeys {
  /** The key that signs. */
  active(): SigningKey
  /** All existing keys, oldest first: ZITADEL publishes inactive ones until they are deleted. */
  all(): readonly SigningKey[]
  find(keyId: string): SigningKey | undefined
  rotate(algorithm: SigningAlgorithm): SigningKey
  delete(keyId: string): void
}

const rsa = () => generateKeyPairSync('rsa', { modulusLength: 2048 })

const generators: Readonly<Record<SigningAlgorithm, () => { publicKey: KeyObject; privateKey: KeyObject }>> = {
  RS256: rsa,
  RS384: rsa,
  RS512: rsa,
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  ES384: () => generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  ES512: () => generateKeyPairSync('ec', { namedCurve: 'P-521' }),
  EdDSA: () => generateKeyPairSync('ed25519'),
}

/** Creates the set of web keys. The first one, RS256, is made when it is first needed: RSA generation is slow. */
export function createSigningKeys(nextId: () => string): SigningKeys {
  let keys: readonly SigningKey[] = []

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

  return {
    active,
    all,
    rotate(algorithm) {
      active()
      return rotate(algorithm)
    },
    find: (keyId) => keys.find((key) => key.keyId === keyId),
    delete(keyId) {
      if (keyId === active().keyId) throw new Error('the active key cannot be deleted: rotate the keys first')
      if (!keys.some((key) => key.keyId === keyId))
        throw new Error(`this local ZITADEL has no key with the id ${keyId}`)
      keys = keys.filter((key) => key.keyId !== keyId)
    },
  }
}
