import { Buffer } from 'node:buffer'
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto'
import type { StoreOwner } from '../verification/shared-store.js'

/** A place in the store that says nothing to whoever has not the credentials of this API. */
export interface Sealing {
  /** The name of the place. */
  readonly name: string
  /** Encrypts a text, for this place alone. */
  seal(text: string): string
  /** Gives the text, where it was sealed for this place; undefined for whatever else there is. */
  open(sealed: string): string | undefined
}

const algorithm = 'aes-256-gcm'
const [ivBytes, tagBytes, keyBytes] = [12, 16, 32]

/**
 * Makes the function that gives places their names and keys. Both come from the credentials of the API by HKDF, so that there is no
 * key to configure; other credentials, another client, issuer or project are another name space.
 *
 * Each place has a key of its own. With one for all, years of writing would be more than AES-GCM bears with random nonces.
 *
 * @param owner - whose credentials, and what sets it apart from others
 * @param prefix - what names begin with
 * @throws `TypeError`: without credentials
 * @see [RFC 5869](https://www.rfc-editor.org/rfc/rfc5869.html): HKDF,
 * [NIST SP 800-38D section 8.3](https://doi.org/10.6028/NIST.SP.800-38D): no more than 2^32 random nonces for a key
 */
export function createSealings(
  { secret, identity }: Pick<StoreOwner, 'secret' | 'identity'>,
  prefix: string,
): (kind: string, subject?: string) => Sealing {
  if (secret === undefined) {
    throw new TypeError(
      'cache.store needs the credentials of this API: its keys are made of them, and nothing is stored in the clear',
    )
  }
  // Hashed, since HKDF takes no more than 1,024 bytes of it.
  const info = createHash('sha256')
    .update(JSON.stringify(['zitadel-auth store 1', ...identity]))
    .digest()
  const root = Buffer.from(hkdfSync('sha256', toBytes(secret), '', info, keyBytes))

  return (kind, subject = '') => {
    const derived = createHmac('sha512', root)
      .update(JSON.stringify([kind, subject]))
      .digest()
    const name = `${prefix}${kind}:${derived.subarray(0, keyBytes).toString('base64url')}`
    const key = derived.subarray(keyBytes)
    return { name, seal: (text) => seal(text, name, key), open: (sealed) => open(sealed, name, key) }
  }
}

function toBytes(secret: KeyObject | string): Uint8Array {
  return typeof secret === 'string' ? Buffer.from(secret) : secret.export({ type: 'pkcs8', format: 'der' })
}

function seal(text: string, name: string, key: Uint8Array): string {
  const iv = randomBytes(ivBytes)
  const cipher = createCipheriv(algorithm, key, iv, { authTagLength: tagBytes }).setAAD(Buffer.from(name))
  const encrypted = [cipher.update(text, 'utf8'), cipher.final()]
  return Buffer.concat([iv, ...encrypted, cipher.getAuthTag()]).toString('base64url')
}

function open(sealed: string, name: string, key: Uint8Array): string | undefined {
  const bytes = Buffer.from(sealed, 'base64url')
  if (bytes.length < ivBytes + tagBytes) return undefined
  const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, ivBytes), { authTagLength: tagBytes })
  decipher.setAAD(Buffer.from(name)).setAuthTag(bytes.subarray(-tagBytes))
  try {
    const encrypted = bytes.subarray(ivBytes, -tagBytes)
    return Buffer.concat([decipher.update(encrypted), decipher.final()]).toString('utf8')
  } catch {
    // Somebody else has written it, or changed it.
    return undefined
  }
}
