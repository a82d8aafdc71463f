import { readFileSync } from 'node:fs'

/** An event as a real ZITADEL sent it, its ids masked. */
export interface RecordedEvent {
  readonly what: string
  readonly body: Readonly<Record<string, unknown>>
}

const file = new URL('../../testing/test/recorded/events.jsonl', import.meta.url)

/** What a real ZITADEL sent to a target of Actions v2: events, and what else is executed on targets. */
export const recordedCalls: readonly RecordedEvent[] = readFileSync(file, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line))

/** The events among them. */
export const recordedEvents = recordedCalls.filter(({ body }) => 'event_type' in Object(body))
