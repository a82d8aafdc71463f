import { Buffer } from 'node:buffer'
import { isJsonObject, type JsonObject, toFrozenJson } from '../internal/json.js'

/** A change in ZITADEL, as an event of Actions v2. */
export interface ZitadelEvent {
  /** What happened, such as `user.locked`. */
  readonly type: string
  /** What it happened to: the id of a user, a grant or a session, depending on `type`. */
  readonly aggregateId: string
  /** Who made the change, which is not who it concerns; undefined if ZITADEL does not say. */
  readonly creatorId: string | undefined
  /** The id of the organization that owns what changed. */
  readonly organizationId: string | undefined
  /** The id of the instance. */
  readonly instanceId: string | undefined
  /** When it happened, as ZITADEL writes it (RFC 3339). */
  readonly createdAt: string | undefined
  /** Further data, with the names that ZITADEL uses; empty if there is none. */
  readonly payload: Readonly<Record<string, unknown>>
}

/** What an event can't be read for, for the developer. */
export class UnreadableEvent extends Error {}

/**
 * Reads the body of an event.
 *
 * @throws `UnreadableEvent`: when it is none: the message says why, and holds nothing of it
 */
export function readEvent(body: Uint8Array): ZitadelEvent {
  const json = parse(body)
  const type = toText(json['event_type'])
  const aggregateId = toText(json['aggregateID'])
  if (type === undefined || aggregateId === undefined) {
    throw new UnreadableEvent(
      'the body is that of no event: execute the target on events, and not on requests, responses or functions',
    )
  }
  return Object.freeze({
    type,
    aggregateId,
    creatorId: toText(json['userID']),
    organizationId: toText(json['resourceOwner']),
    instanceId: toText(json['instanceID']),
    createdAt: toText(json['created_at']),
    payload: readPayload(json['event_payload']),
  })
}

function parse(body: Uint8Array): JsonObject {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    // No cause: the parser's message quotes the body.
    throw new UnreadableEvent(
      'the body is not JSON: set the payload type of the target in ZITADEL to JSON, not JWT or JWE',
    )
  }
  if (isJsonObject(value)) return value
  throw new UnreadableEvent('the body is not a JSON object')
}

/** Older versions of ZITADEL wrote it as base64. */
function readPayload(value: unknown): JsonObject {
  const payload = typeof value === 'string' ? parse(Buffer.from(value, 'base64')) : (value ?? {})
  if (!isJsonObject(payload)) throw new UnreadableEvent('the event_payload of the event is not a JSON object')
  try {
    return toFrozenJson(payload) as JsonObject
  } catch {
    throw new UnreadableEvent('the event_payload of the event is nested too deep')
  }
}

function toText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
