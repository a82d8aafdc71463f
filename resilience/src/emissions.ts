import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { inspect } from 'node:util'
import type { Logger } from '@org/zitadel-auth'

/** Everything that left the library in any direction but the wire to ZITADEL. */
export interface Emissions {
  /** Keeps a text, or every text that a value can be turned into. */
  record(value: unknown): void
  readonly logger: Logger
  /** Those secrets of which any twelve characters in a row stand in any of the texts. */
  findPieces(secrets: Iterable<string>): readonly string[]
  /** Those secrets of which a whole part does: for many at a time. */
  findParts(secrets: Iterable<string>): readonly string[]
  readonly count: () => number
  /** Stops listening to events, warnings and output. */
  stop(): void
}

const channels = ['verified', 'refused', 'cache', 'upstream', 'breaker', 'keys'].map(
  (name) => `@org/zitadel-auth:${name}`,
)

/** So many characters in a row are not alike by chance. */
const pieceLength = 12

/** Listens to everything from now on. */
export function listenToEmissions(): Emissions {
  const texts = new Set<string>()
  const record = (value: unknown): void => {
    for (const text of toTexts(value)) texts.add(text)
  }
  const stopHearing = [hearEvents(record), hearWarnings(record), hearOutput(record)]
  return {
    record,
    logger: { warn: record, error: record },
    findPieces(secrets) {
      const told = new Set([...toWords(texts)].flatMap(toPieces))
      return [...secrets].filter((secret) =>
        toParts(secret)
          .flatMap(toPieces)
          .some((piece) => told.has(piece)),
      )
    },
    findParts(secrets) {
      const told = toWords(texts)
      return [...secrets].filter((secret) => toParts(secret).some((part) => told.has(part)))
    },
    count: () => texts.size,
    stop() {
      for (const stop of stopHearing) stop()
    },
  }
}

function toWords(texts: Iterable<string>): ReadonlySet<string> {
  return new Set([...texts].flatMap(toParts))
}

/** A token by its segments, a key by its lines without the first and the last. */
function toParts(text: string): readonly string[] {
  return text.replaceAll(/-----[A-Z ]+-----/g, '').match(/[\w-]{12,}/g) ?? []
}

function toPieces(part: string): readonly string[] {
  return Array.from({ length: part.length - pieceLength + 1 }, (_, start) => part.slice(start, start + pieceLength))
}

/** Every way in which a program turns a value into text. */
function toTexts(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  const depth = Number.POSITIVE_INFINITY
  const ways = [
    () => inspect(value),
    () => inspect(value, { depth, showHidden: true, getters: true, maxStringLength: null, maxArrayLength: null }),
    () => JSON.stringify(value) ?? '',
    () => String(value),
    () => JSON.stringify({ ...(value as object) }),
  ]
  const chain = toChain(value).flatMap((error) => [
    error.message,
    error.stack ?? '',
    inspect(error, { showHidden: true }),
  ])
  return [...ways.map(orMessage), ...chain]
}

/** Some values have no JSON. What the attempt says is a text too. */
function orMessage(way: () => string): string {
  try {
    return way()
  } catch (error) {
    return String(error)
  }
}

function toChain(value: unknown): readonly Error[] {
  return value instanceof Error ? [value, ...toChain(value.cause)] : []
}

type Hear = (record: (value: unknown) => void) => () => void

const hearEvents: Hear = (record) => {
  const listener = (event: unknown): void => record(event)
  for (const channel of channels) subscribe(channel, listener)
  return () => {
    for (const channel of channels) unsubscribe(channel, listener)
  }
}

const hearWarnings: Hear = (record) => {
  process.on('warning', record)
  return () => process.off('warning', record)
}

/** Output goes where it went, and is heard on its way: as streams, and as the console that a test runner puts in front of them. */
const hearOutput: Hear = (record) => {
  const restore = [process.stdout, process.stderr].map((stream) => {
    const write = stream.write
    stream.write = ((chunk: string | Uint8Array, ...rest: never[]) => {
      record(String(chunk))
      return write.call(stream, chunk, ...rest)
    }) as typeof write
    return () => {
      stream.write = write
    }
  })
  const restoreConsole = (['log', 'info', 'warn', 'error', 'debug'] as const).map((level) => {
    const write = console[level]
    console[level] = (...values: unknown[]) => {
      for (const value of values) record(value)
      write(...values)
    }
    return () => {
      console[level] = write
    }
  })
  return () => {
    for (const undo of [...restore, ...restoreConsole]) undo()
  }
}
