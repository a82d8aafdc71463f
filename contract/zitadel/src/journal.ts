import { appendFileSync, existsSync, readFileSync } from 'node:fs'

/** What is removed by itself; whatever else a run makes goes with one of these. */
export interface Creation {
  readonly kind: 'project' | 'user'
  readonly id: string
}

/** Where a run writes down what it makes, so that it can be removed even after the run has been killed. */
export interface Journal {
  /** Called with an id that this run has chosen, before ZITADEL is asked: what was made is in the journal, always. */
  add(creation: Creation): void
  /** Newest first. */
  read(): readonly Creation[]
}

/** A journal in a file, to which several processes may write at once. */
export function openJournal(path: string): Journal {
  return {
    // A line is short enough to be written at once.
    add: (creation) => appendFileSync(path, `${JSON.stringify(creation)}\n`),
    read: () => (existsSync(path) ? readLines(readFileSync(path, 'utf8')).reverse() : []),
  }
}

/** The last line is cut off when the process was killed over it: then ZITADEL was not asked for it either. */
function readLines(text: string): Creation[] {
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  return whole.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Creation]))
}
