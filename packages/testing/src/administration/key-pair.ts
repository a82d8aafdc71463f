import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import type { Instance } from '../instance/instance.js'
import type { RegisteredKey } from '../instance/model.js'

/** What ZITADEL uses for "never": it always sends an expiry. */
export const NEVER = new Date('9999-12-31T23:59:59Z')

/** Makes an RSA-2048 key, registers its public half for the owner and gives the private one as ZITADEL does: PKCS#1 PEM. */
export function registerKeyPair(instance: Instance, ownerId: string, expiresAt: Date): RegisteredKey & { pem: string } {
  const { privateKey: pem } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  })
  const key = { keyId: instance.nextId(), ownerId, publicKey: createPublicKey(pem), expiresAt }
  instance.keys.set(key.keyId, key)
  return { ...key, pem }
}
