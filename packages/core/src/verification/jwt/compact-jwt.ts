import { Buffer } from 'node:buffer'
import { isJsonObject, type JsonObject } from '../../internal/json.js'
import type { BearerToken } from '../../request/bearer-token.js'

/** A token that has the form of a signed JWT. Nothing in it is verified. */
export interface UnverifiedJwt {
  readonly unverifiedHeader: JsonObject
  /** The payload as it was sent, base64url. */
  readonly encodedPayload: string
}

/**
 * Reads the form of a signed JWT: exactly three segments, of which the first is a JSON object with `alg` and without
 * `enc`. ZITADEL's opaque tokens are encrypted, have five segments, and start with `eyJ` like any JWT.
 *
 * @param token - the token
 * @returns undefined when the token is something else
 * @see [RFC 7515 section 3.1](https://www.rfc-editor.org/rfc/rfc7515.html#section-3.1),
 * [RFC 7516 section 9](https://www.rfc-editor.org/rfc/rfc7516.html#section-9): telling the two apart
 */
export function readUnverifiedJwt(token: BearerToken): UnverifiedJwt | undefined {
  const segments = token.split('.')
  if (segments.length !== 3) return undefined
  const [encodedHeader, encodedPayload] = segments as [string, string, string]
  const unverifiedHeader = decodeObject(encodedHeader)
  if (unverifiedHeader === undefined || !('alg' in unverifiedHeader) || 'enc' in unverifiedHeader) return undefined
  return { unverifiedHeader, encodedPayload }
}

/**
 * Reads the payload of a token that has the form of a signed JWT. Nothing in it is verified: it decides nothing.
 *
 * @returns undefined when the token is something else
 */
export function readUnverifiedPayload(token: BearerToken): JsonObject | undefined {
  const jwt = readUnverifiedJwt(token)
  return jwt && decodeObject(jwt.encodedPayload)
}

/**
 * Tells whether all segments are base64url in its one canonical form: many decoders take padding and stray bits at the
 * end, with which one signature could be written in several ways.
 */
export function isCanonical(token: BearerToken): boolean {
  return token.split('.').every((segment) => Buffer.from(segment, 'base64url').toString('base64url') === segment)
}

/** ignoreBOM keeps a byte order mark, at which JSON.parse stops: RFC 8259 section 8.1 has none. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Decodes a segment that must be a JSON object in UTF-8.
 *
 * @returns undefined when it is not
 */
export function decodeObject(segment: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(utf8.decode(Buffer.from(segment, 'base64url')))
    return isJsonObject(value) ? value : undefined
  } catch {
    // Not UTF-8, or not JSON.
  }
  return undefined
}
