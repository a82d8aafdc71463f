import { Buffer } from 'node:buffer'
import { createHmac, timingSafeEqual } from 'node:crypto'

/** What the header `ZITADEL-Signature` says. */
export interface EventSignature {
  /** When ZITADEL signed, in seconds since 1970, as it was written: it is part of what is signed. */
  readonly timestamp: string
  readonly signatures: readonly Buffer[]
}

/** Longer than any that ZITADEL writes, a dozen signatures included. */
const maxHeaderLength = 1_024

/**
 * Reads the header `ZITADEL-Signature`: `t=1700000000,v1=…`, with one or several signatures, of which any may be good. Versions
 * that are not known are passed over.
 *
 * @param header - one value, or a list of all values
 * @returns undefined when the header is missing, malformed or repeated, or has no signature of version 1
 */
export function readSignatureHeader(header: string | readonly string[] | undefined): EventSignature | undefined {
  const values = [header ?? []].flat()
  const [value] = values
  if (values.length !== 1 || typeof value !== 'string' || value.length > maxHeaderLength) return undefined
  const members = value.split(',').map((member) => member.trim().split('=', 2))
  const toValues = (name: string) => members.flatMap(([key, text = '']) => (key === name ? [text] : []))
  const [timestamp, ...others] = toValues('t')
  const signatures = toValues('v1').filter((text) => /^[\da-f]{64}$/.test(text))
  if (timestamp === undefined || !/^\d{1,12}$/.test(timestamp) || others.length > 0) return undefined
  if (signatures.length === 0) return undefined
  return { timestamp, signatures: signatures.map((text) => Buffer.from(text, 'hex')) }
}

/**
 * Tells whether one of the keys has made one of the signatures. Looks at all of them, each in constant time, so that the time it
 * takes tells nothing.
 *
 * @param body - as it was received
 * @param keys - the signing keys of the target, as ZITADEL wrote them
 */
export function isSignedBy(
  { timestamp, signatures }: EventSignature,
  body: Uint8Array,
  keys: readonly string[],
): boolean {
  const expected = keys.map((key) => createHmac('sha256', key).update(`${timestamp}.`).update(body).digest())
  const matches = expected.flatMap((digest) => signatures.map((signature) => timingSafeEqual(digest, signature)))
  return matches.includes(true)
}
