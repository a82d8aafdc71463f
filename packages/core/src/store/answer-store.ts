import { BoundedMap } from '../internal/bounded-map.js'
import type { Clock } from '../internal/clock.js'
import { isJsonObject } from '../internal/json.js'
import { clockToleranceSeconds } from '../verification/clock-tolerance.js'
import type { SharedAnswer } from '../verification/shared-store.js'
import type { Connection } from './connection.js'
import { toText } from './replies.js'
import type { createSealings } from './sealing.js'

/** Of so many tokens it is known that ZITADEL has said no, though the store may still say yes. */
const maxDropped = 10_000

const toleranceMs = clockToleranceSeconds * 1_000

/** What {@link createAnswerStore} takes. */
export interface AnswerStoreOptions {
  readonly reads: Connection
  readonly writes: Connection
  readonly sealings: ReturnType<typeof createSealings>
  readonly clock: Clock
  /** Resolves when all marks are known that were there when it was called. */
  readonly readMarks: () => Promise<void>
}

/** The answers of ZITADEL in the store, each under a name that only this API can make of its token. */
export interface AnswerStore {
  find(key: string, maxAgeMs: number): Promise<SharedAnswer | undefined>
  keep(key: string, answer: SharedAnswer, forMs: number): void
  drop(key: string): void
}

/** Makes an {@link AnswerStore}. */
export function createAnswerStore({ reads, writes, sealings, clock, readMarks }: AnswerStoreOptions): AnswerStore {
  const droppedAtMs = new BoundedMap<number>({ maxEntries: maxDropped })
  const toSealing = (key: string) => sealings('answer', key)

  function isUsable({ askedAtMs }: SharedAnswer, key: string, maxAgeMs: number): boolean {
    const ageMs = clock.now() - askedAtMs
    // The clock of the process that asked may be ahead: not by more, and an answer from before it must not look younger than a no.
    const isNewer = askedAtMs > (droppedAtMs.get(key) ?? Number.NEGATIVE_INFINITY) + toleranceMs
    return ageMs >= -toleranceMs && ageMs < maxAgeMs && isNewer
  }

  return {
    async find(key, maxAgeMs) {
      const { name, open } = toSealing(key)
      const found = await reads.run(async () => {
        const [sealed] = await Promise.all([reads.send('GET', name), readMarks()])
        return toText(sealed)
      }, 'awaited')
      const answer = found === undefined ? undefined : readAnswer(open(found))
      return answer !== undefined && isUsable(answer, key, maxAgeMs) ? answer : undefined
    },
    keep(key, answer, forMs) {
      if (forMs < 1) return
      void writes.run(async () => {
        const { name, seal } = toSealing(key)
        await writes.send('SET', name, seal(JSON.stringify(answer)), 'PX', String(Math.ceil(forMs)))
      }, 'unawaited')
    },
    drop(key) {
      droppedAtMs.set(key, clock.now())
      void writes.run(() => writes.send('DEL', toSealing(key).name), 'unawaited')
    },
  }
}

function readAnswer(text: string | undefined): SharedAnswer | undefined {
  const answer: unknown = text === undefined ? undefined : JSON.parse(text)
  if (!isJsonObject(answer)) return undefined
  const { askedAtMs, claims } = answer
  return typeof askedAtMs === 'number' && isJsonObject(claims) ? { askedAtMs, claims } : undefined
}
