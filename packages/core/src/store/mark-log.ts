import { BoundedMap } from '../internal/bounded-map.js'
import type { Clock } from '../internal/clock.js'
import type { Mark, StoreOwner } from '../verification/shared-store.js'
import type { Connection } from './connection.js'
import { openMark } from './mark.js'
import { createReadNext } from './read-next.js'
import { toText, toTexts } from './replies.js'
import type { Sealing } from './sealing.js'

/** Who has missed no more marks than that reads no others. */
const recent = 100

/** So many are known to have been taken in, since the same ones come by message and are read. */
const maxTaken = 1_000

/** More marks than that are replaced by one for all. */
export const maxMarks = 10_000

/** What {@link createMarkLog} takes. */
export interface MarkLogOptions extends Pick<StoreOwner, 'learn' | 'lose' | 'keepMarksMs'> {
  readonly reads: Connection
  readonly sealing: Sealing
  readonly clock: Clock
  /** Hears that the log is not the one that was read before. */
  readonly onLost: () => void
}

/** The marks in the store, as this process has read them. */
export interface MarkLog {
  /** Reads what is new. */
  read(): Promise<void>
  /** Takes marks in, from wherever they come. */
  take(sealed: readonly string[]): void
  /** Notes one of this process, which need not be taken in. */
  note(sealed: string): void
}

/**
 * Makes a {@link MarkLog}. The marks are a list, the newest first, and each process remembers which one it has read last. So one look
 * at the first tells whether there is anything new, whatever a subscription has missed, and without a counter beside the list
 * that could get out of step with it. Where the one that was read last is gone, the store has lost its data, and what else
 * it has lost nobody knows.
 */
export function createMarkLog(options: MarkLogOptions): MarkLog {
  const { reads, sealing, clock, keepMarksMs, learn, lose, onLost } = options
  const taken = new BoundedMap<true>({ maxEntries: maxTaken })
  let newest: string | undefined

  const isAlive = ({ atMs }: Mark): boolean => clock.now() <= atMs + keepMarksMs

  const note = (sealed: string): void => taken.set(sealed, true)

  function take(sealed: readonly string[]): void {
    const others = sealed.filter((each) => taken.get(each) === undefined)
    const marks = others.flatMap((each) => openMark(each, sealing) ?? []).filter(isAlive)
    for (const each of others) note(each)
    if (marks.length > 0) learn(marks)
  }

  async function readList(count: number): Promise<readonly string[]> {
    return toTexts(await reads.send('LRANGE', sealing.name, '0', String(count - 1)))
  }

  /** Reads a few, and all only where the one that was read last is not among them. */
  async function readUntilKnown(): Promise<readonly string[]> {
    const few = await readList(recent)
    const isEnough = few.length < recent || (newest !== undefined && few.includes(newest))
    return isEnough ? few : readList(maxMarks + recent)
  }

  /** One that is over may be gone: nobody needs it. */
  function isMissed(sealed: string): boolean {
    const mark = openMark(sealed, sealing)
    return mark === undefined || isAlive(mark)
  }

  async function readNew(): Promise<void> {
    const first = toText(await reads.send('LINDEX', sealing.name, '0'))
    if (first === newest) return
    const list = await readUntilKnown()
    const known = newest === undefined ? -1 : list.indexOf(newest)
    const isLost = newest !== undefined && known === -1 && isMissed(newest)
    newest = list[0]
    take(known === -1 ? list : list.slice(0, known))
    if (!isLost) return
    lose()
    onLost()
  }

  // Many wait for one that is under way: it must not hang.
  return { read: createReadNext(() => reads.endInTime(readNew)), take, note }
}
