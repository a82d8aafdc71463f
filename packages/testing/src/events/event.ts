/** Something that has changed in ZITADEL. */
export interface Change {
  /** For example `user.grant.removed`. */
  readonly type: string
  /** What it happened to. */
  readonly aggregateId: string
  /** The id of the organization that owns it. */
  readonly resourceOwner: string
  /** Who made the change; `undefined` where ZITADEL does not tell. */
  readonly userId: string | undefined
  /** The `event_payload`. */
  readonly payload?: Readonly<Record<string, unknown>> | undefined
}

/** In the order in which they are tried: the first that fits names the aggregate. */
const aggregateTypes: readonly (readonly [prefix: string, aggregateType: string])[] = [
  ['user.grant.', 'usergrant'],
  ['user.', 'user'],
]

interface Stamp {
  readonly instanceId: string
  readonly sequence: number
  readonly createdAt: Date
}

/** Writes an event as the body of an Actions v2 call, its members in ZITADEL's order. */
export function writeEvent(change: Change, { instanceId, sequence, createdAt }: Stamp): string {
  const aggregateType = readAggregateType(change.type)
  return JSON.stringify({
    aggregateID: change.aggregateId,
    aggregateType,
    resourceOwner: change.resourceOwner,
    instanceID: instanceId,
    version: aggregateType === 'user' ? 'v2' : 'v1',
    sequence,
    event_type: change.type,
    created_at: createdAt.toISOString(),
    userID: change.userId,
    event_payload: change.payload,
  })
}

function readAggregateType(type: string): string {
  const [, aggregateType] = aggregateTypes.find(([prefix]) => type.startsWith(prefix)) ?? []
  return aggregateType ?? type.split('.', 1)[0] ?? type
}
