import { readFileSync } from 'node:fs'

/** One request to a real ZITADEL and its answer. Ids, tokens, times and the issuer are masked. */
export interface Exchange {
  /** What the request is about. Where it holds a masked token or assertion, it says which one. */
  readonly case: string
  readonly request: {
    readonly method: string
    readonly path: string
    readonly headers: Readonly<Record<string, string>>
    readonly body: string | null
  }
  readonly response: {
    readonly status: number
    readonly headers: Readonly<Record<string, string>>
    readonly body: unknown
  }
}

/** What a ZITADEL of July 2026 answered. */
export const exchanges: readonly Exchange[] = readLines('exchanges.jsonl')

/** An event as a ZITADEL of July 2026 sent it. */
export interface RecordedEvent {
  readonly what: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Readonly<Record<string, unknown>>
}

export const recordedEvents: readonly RecordedEvent[] = readLines('events.jsonl')

export const recordedLogout: unknown = JSON.parse(readRecording('back-channel-logout.json'))

function readLines<T>(name: string): T[] {
  return readRecording(name)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T)
}

function readRecording(name: string): string {
  return readFileSync(new URL(name, import.meta.url), 'utf8')
}
