import { type Change, writeEvent } from './event.js'
import type { Delivery, Outbox } from './outbox.js'
import { signEvent } from './sign-event.js'
import { type Target, takesEvent } from './target.js'

export interface EventLog {
  readonly targets: Map<string, Target>
  /** Tells the targets that take such an event. */
  record(change: Change): readonly Promise<Delivery>[]
}

interface EventLogOptions {
  readonly instanceId: string
  readonly now: () => number
  readonly outbox: Outbox
}

/** Go names itself; the rest is in every call of Actions v2. */
const COMMON_HEADERS = { 'user-agent': 'Go-http-client/1.1', 'content-type': 'application/json' }

export function createEventLog({ instanceId, now, outbox }: EventLogOptions): EventLog {
  const targets = new Map<string, Target>()
  const sequences = new Map<string, number>()
  return {
    targets,
    record(change) {
      const sequence = (sequences.get(change.aggregateId) ?? 0) + 1
      sequences.set(change.aggregateId, sequence)
      const body = writeEvent(change, { instanceId, sequence, createdAt: new Date(now()) })
      return [...targets.values()]
        .filter((target) => takesEvent(target, change.type))
        .map(({ endpoint, signingKey }) => {
          const headers = { ...COMMON_HEADERS, 'zitadel-signature': signEvent(body, signingKey, now()) }
          return outbox.send({ url: endpoint, headers, body })
        })
    },
  }
}
