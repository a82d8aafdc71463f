import type { Clock } from '../internal/clock.js'
import type { Mark } from '../verification/shared-store.js'
import type { Connection } from './connection.js'
import { openMark, sealMark } from './mark.js'
import { maxMarks } from './mark-log.js'
import { toTexts, WrongReply } from './replies.js'
import type { Sealing } from './sealing.js'

/** So many are written at once. */
const batchSize = 100

/** So many of this process are remembered, in case that the store loses them. */
const maxOwn = 1_000

/** When there are too many marks, the list is cut to so many: the one for all is among the newest. */
const keptOfTooMany = 100

/** What {@link createOwnMarks} takes. */
export interface OwnMarksOptions {
  readonly writes: Connection
  readonly sealing: Sealing
  readonly channel: string
  readonly keepMarksMs: number
  readonly clock: Clock
  /** Hears of each mark, as it will be written. */
  readonly onSealed: (sealed: string) => void
  /** Hears that marks have been written. */
  readonly onWritten: () => void
}

/** The marks of this process, which are written until the store has them. */
export interface OwnMarks {
  /** Adds one, and writes it. */
  add(mark: Mark): void
  /** Writes those that are not written yet. */
  flush(): void
  /** Writes all once more: the store has lost them. */
  rewrite(): void
  /** Writes no more. */
  stop(): void
}

interface Own {
  readonly mark: Mark
  readonly sealed: string
}

/** Makes {@link OwnMarks}. */
export function createOwnMarks(options: OwnMarksOptions): OwnMarks {
  const { writes, sealing, channel, keepMarksMs, clock, onSealed, onWritten } = options
  const { name } = sealing
  const unwritten = new Map<string, Own>()
  const written = new Map<string, Own>()
  let isWriting = false
  let isStopped = false

  const isOver = ({ atMs }: Mark): boolean => clock.now() > atMs + keepMarksMs

  function seal(mark: Mark): Own {
    const own = { mark, sealed: sealMark(mark, sealing) }
    onSealed(own.sealed)
    return own
  }

  function set(mark: Mark): void {
    written.delete(mark.name)
    // One for all takes the place of too many that the store has not.
    if (unwritten.size >= maxOwn) unwritten.clear()
    unwritten.set(mark.name, seal(mark))
  }

  function add(mark: Mark): void {
    set(unwritten.size < maxOwn ? mark : { name: 'all', atMs: mark.atMs })
    flush()
  }

  function flush(): void {
    if (isStopped || isWriting || unwritten.size === 0) return
    isWriting = true
    void write([...unwritten.values()].slice(0, batchSize))
  }

  async function write(batch: readonly Own[]): Promise<void> {
    const length = await writes.run(() => push(batch), 'unawaited')
    isWriting = false
    // What could not be written waits for the next look at the store.
    if (length === undefined) return
    onWritten()
    void writes.run(() => tidy(length, batch.length), 'unawaited')
    flush()
  }

  async function push(batch: readonly Own[]): Promise<number> {
    const sealed = batch.map((each) => each.sealed)
    // Who is there hears of it, even where the store takes no more data or does not let this process publish.
    const published = writes.send('PUBLISH', channel, sealed.join(' ')).catch(() => {})
    const length = await writes.send('LPUSH', name, ...sealed)
    // Redis gives the length of the list; a number that is none would never be too long, nor short enough.
    if (!isLength(length)) throw new WrongReply()
    for (const own of batch) noteWritten(own)
    await published
    return Number(length)
  }

  function noteWritten(own: Own): void {
    const key = own.mark.name
    // A later one may have taken its place meanwhile.
    if (unwritten.get(key) === own) unwritten.delete(key)
    written.set(key, own)
    const [oldest] = written.keys()
    if (written.size > maxOwn && oldest !== undefined) written.delete(oldest)
  }

  async function tidy(length: number, added: number): Promise<void> {
    await writes.send('PEXPIRE', name, String(Math.ceil(keepMarksMs)))
    await removeOver(added)
    if (length <= maxMarks) return
    // Written here and not with the others: those that are added make their list longer, and this one makes it shorter.
    await push([seal({ name: 'all', atMs: clock.now() })])
    await writes.send('LTRIM', name, '0', String(keptOfTooMany - 1))
  }

  /** The oldest are the last: two of them for each that was added, so that none stays that is over. Nobody can read those of others. */
  async function removeOver(added: number): Promise<void> {
    const oldest = toTexts(await writes.send('LRANGE', name, String(-2 * added), '-1'))
    for (const sealed of oldest) {
      const mark = openMark(sealed, sealing)
      if (mark === undefined || isOver(mark)) await writes.send('LREM', name, '-1', sealed)
    }
  }

  return {
    add,
    flush,
    rewrite() {
      for (const [key, own] of written) if (!isOver(own.mark)) unwritten.set(key, own)
      written.clear()
      flush()
    },
    stop() {
      isStopped = true
    },
  }
}

/** Clients may be set up to give numbers as texts, or as big integers. */
function isLength(reply: unknown): boolean {
  return /^\d{1,15}$/.test(typeof reply === 'object' ? '' : String(reply))
}
