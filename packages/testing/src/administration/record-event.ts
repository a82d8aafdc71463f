import { type Instance, requireKnown } from '../instance/instance.js'
import type { Grant } from '../instance/model.js'

type Payload = Readonly<Record<string, unknown>>

/** Tells what an administrator has done to a user. */
export function recordUserEvent(instance: Instance, type: string, userId: string, payload?: Payload): void {
  const { organizationId } = requireKnown(instance.users, userId, 'user')
  const change = { type, aggregateId: userId, resourceOwner: organizationId, payload }
  instance.eventLog.record({ ...change, userId: instance.administratorId })
}

/** Tells what an administrator has done to a grant. */
export function recordGrantEvent(instance: Instance, type: string, grant: Grant, payload?: Payload): void {
  const change = { type, aggregateId: grant.id, resourceOwner: grant.organizationId, payload }
  instance.eventLog.record({ ...change, userId: instance.administratorId })
}
