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
  /** Now, in milliseconds since 1970. */
  readonly nowMs: number
}

/** ZITADEL takes an assertion for an hour. */
export const lifetimeSeconds = 10 * 60

/** It refuses one from more than one second in the future, and no two clocks agree. */
export const backdateSeconds = 10

/**
 * Signs an assertion by RS256, on the thread pool.
 *
 * @see [RFC 7523 section 3](https://www.rfc-editor.org/rfc/rfc7523.html#section-3)
 */
export async function signAssertion(
  { keyId, privateKey }: SigningKey,
  { subject, audience, nowMs }: AssertionClaims,
): Promise<string> {
  const issuedAtSeconds = Math.floor(nowMs / 1_000) - backdateSeconds
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
