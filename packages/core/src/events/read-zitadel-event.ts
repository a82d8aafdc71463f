import { Buffer } from 'node:buffer'
import { AuthorizationError } from '../errors/authorization-error.js'
import { type Clock, readClock, systemClock } from '../internal/clock.js'
import { isVariableSet, readPositive, requireKnown } from '../internal/read-option.js'
import { readEvent, UnreadableEvent, type ZitadelEvent } from './event.js'
import { isSignedBy, readSignatureHeader } from './signature.js'

/** How events of ZITADEL are verified. */
export interface EventOptions {
  /**
   * The signing key of the target, as ZITADEL showed it when the target was created. While you replace the key, a list:
   * the current one and the next.
   */
  readonly signingKey: string | readonly string[]
  /**
   * How many seconds the time of a signature may differ from the time of this machine, in either direction.
   *
   * @defaultValue `300`
   */
  readonly toleranceSeconds?: number
  /** The time, for tests. Functions that are left out use the time of this machine. */
  readonly clock?: Partial<Clock>
}

/** Options that have been read. */
interface EventSettings {
  readonly keys: readonly string[]
  readonly toleranceSeconds: number
  readonly clock: Clock
}

/**
 * Reads an event that ZITADEL has sent to a target of Actions v2, and verifies its signature.
 *
 * @param rawBody - the body as it was received, before any parser: bytes, or their text
 * @param header - the header `ZITADEL-Signature`: one value, a list of all values, or undefined
 * @param options - the signing key, and how much clocks may differ
 * @throws `AuthorizationError`: `ERR_EVENT_INVALID` when the signature is missing, malformed, by another key, too old
 * or from the future, or when the body is not an event
 * @throws `TypeError`: when an option is missing or malformed, or the body is an object that a parser has made
 * @see ZITADEL signs as `ZITADEL-Signature: t={seconds},v1={HMAC-SHA256 of seconds, a full stop and the body, in hex}`
 *
 * @example
 * ```ts
 * import { forgetByEvent, readZitadelEvent } from '@org/zitadel-auth/events'
 * import express from 'express'
 *
 * const signingKey = await secrets.read('zitadel-signing-key')
 *
 * app.post('/zitadel/events', express.raw({ type: () => true }), (req, res) => {
 *   forgetByEvent(auth, readZitadelEvent(req.body, req.get('zitadel-signature'), { signingKey }))
 *   res.sendStatus(200)
 * })
 * ```
 */
export function readZitadelEvent(
  rawBody: Uint8Array | string,
  header: string | readonly string[] | undefined,
  options: EventOptions,
): ZitadelEvent {
  return createEventReader(options)(rawBody, header)
}

/** Reads events by options that have been read once. */
export type EventReader = (rawBody: Uint8Array | string, header: string | readonly string[] | undefined) => ZitadelEvent

/**
 * Makes the function that reads events.
 *
 * @throws `TypeError`: when an option is missing or malformed
 */
export function createEventReader(options: EventOptions): EventReader {
  const { keys, toleranceSeconds, clock } = readEventOptions(options)
  return (rawBody, header) => {
    const body = toBytes(rawBody)
    const signature = readSignatureHeader(header)
    if (signature === undefined) refuse('the header ZITADEL-Signature is missing, malformed or repeated')
    if (!isSignedBy(signature, body, keys)) refuse('the signature is of another key, or of another body')
    const ageSeconds = clock.now() / 1_000 - Number(signature.timestamp)
    // NaN, from a clock that tells no time, is no age either.
    if (!(Math.abs(ageSeconds) <= toleranceSeconds)) {
      refuse('the signature is too old, or from the future: compare the clocks of this machine and of ZITADEL')
    }
    return toEvent(body)
  }
}

function readEventOptions(options: EventOptions): EventSettings {
  requireKnown(options, { signingKey: true, toleranceSeconds: true, clock: true }, 'option')
  const { signingKey, toleranceSeconds = 300, clock = systemClock } = options
  return {
    keys: readSigningKeys(signingKey),
    toleranceSeconds: readPositive(toleranceSeconds, 'toleranceSeconds'),
    clock: readClock(clock),
  }
}

function readSigningKeys(signingKey: unknown): readonly string[] {
  const keys: readonly unknown[] = Array.isArray(signingKey) ? Array.from(signingKey) : [signingKey]
  if (keys.length > 0 && keys.every(isKey)) return keys
  throw new TypeError(`signingKey is the signing key of the target, or a list of such keys: ${isVariableSet}`)
}

function isKey(key: unknown): key is string {
  return typeof key === 'string' && key !== ''
}

function toBytes(rawBody: unknown): Uint8Array {
  if (typeof rawBody === 'string') return Buffer.from(rawBody)
  if (rawBody instanceof Uint8Array) return rawBody
  throw new TypeError(
    'readZitadelEvent takes the body as it was received, in bytes or as text: what a parser has made of it can be verified no more',
  )
}

function toEvent(body: Uint8Array): ZitadelEvent {
  try {
    return readEvent(body)
  } catch (error) {
    if (error instanceof UnreadableEvent) refuse(error.message)
    throw error
  }
}

function refuse(reason: string): never {
  throw new AuthorizationError('ERR_EVENT_INVALID', reason)
}
