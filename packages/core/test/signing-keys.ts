import { Buffer } from 'node:buffer'
import { CompactSign, exportJWK, generateKeyPair, type JWK } from 'jose'
import type { SignatureAlgorithm } from '../src/provider/signature-algorithm.js'
import type { BearerToken } from '../src/request/bearer-token.js'
import { toToken } from './contexts.js'

/** Every algorithm that ZITADEL can sign with. */
export const algorithms = ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512', 'EdDSA'] as const

/** A key as ZITADEL has it. */
export interface SigningKey {
  readonly keyId: string
  readonly algorithm: SignatureAlgorithm
  /** What ZITADEL publishes of it. */
  readonly publicJwk: JWK
  readonly privateJwk: JWK
  /** Signs a payload, or a text in its place; `header` adds members or replaces them. */
  sign(payload: object | string, header?: object): Promise<BearerToken>
}

/** Makes a key at run time. */
export async function generateSigningKey(
  algorithm: SignatureAlgorithm,
  keyId = `key-${algorithm}`,
): Promise<SigningKey> {
  const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true })
  const published = { use: 'sig', kid: keyId, alg: algorithm }
  return {
    keyId,
    algorithm,
    publicJwk: { ...(await exportJWK(publicKey)), ...published },
    privateJwk: { ...(await exportJWK(privateKey)), ...published },
    async sign(payload, header = {}) {
      const text = typeof payload === 'string' ? payload : JSON.stringify(payload)
      return toToken(
        await new CompactSign(Buffer.from(text))
          .setProtectedHeader({ alg: algorithm, kid: keyId, typ: 'JWT', ...header })
          .sign(privateKey),
      )
    },
  }
}

/** Encodes a part of a token: an object as JSON, a text or bytes as they are. */
export function encode(part: object | string | Uint8Array): string {
  const isJson = typeof part !== 'string' && !(part instanceof Uint8Array)
  return Buffer.from(isJson ? JSON.stringify(part) : part).toString('base64url')
}
