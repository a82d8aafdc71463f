import { Buffer } from 'node:buffer'
import { randomUUID, sign } from 'node:crypto'
import { promisify } from 'node:util'
import type { SigningKey } from './key-json.js'

/** What an assertion claims. */
export interface AssertionClaims {
  /** Who asserts, about itself: a client, or a service account. */
  readonly subject: string
  /** The issuer, which ZITADEL wants bare. */
  readonly audience: string
  readonly issuedAtSeconds: number
  readonly lifetimeSeconds: number
}

/**
 * Signs an assertion by RS256, on the thread pool.
 *
 * @see [RFC 7523 section 3](https://www.rfc-editor.org/rfc/rfc7523.html#section-3)
 */
export async function signAssertion(
  { keyId, privateKey }: SigningKey,
  { subject, audience, issuedAtSeconds, lifetimeSeconds }: AssertionClaims,
): Promise<string> {
  const claims = {
    iss: subject,
    sub: subject,
    aud: audience,
    iat: issuedAtSeconds,
    exp: issuedAtSeconds + lifetimeSeconds,
    jti: randomUUID(),
  }
  const signed = `${toSegment({ alg: 'RS256', kid: keyId })}.${toSegment(claims)}`
  const signature = await signInThreadPool('sha256', Buffer.from(signed), privateKey)
  return `${signed}.${signature.toString('base64url')}`
}

const signInThreadPool = promisify(sign)

function toSegment(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
