/** A JSON object that nobody has looked into yet. */
export type JsonObject = Readonly<Record<string, unknown>>

/** ZITADEL's claims are three levels deep; an answer far beyond that is no answer. */
const maxDepth = 32

/** Tells whether a value is a JSON object: not null, not a list. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * Copies a JSON value so that nobody can change it, and so that `constructor`, `__proto__` and `toString` are names
 * like any other.
 *
 * @throws {RangeError} when it is nested more than 32 levels deep
 */
export function toFrozenJson(value: unknown, depth = 0): unknown {
  if (depth > maxDepth) throw new RangeError(`the JSON is nested more than ${maxDepth} levels deep`)
  if (Array.isArray(value)) return Object.freeze(value.map((item) => toFrozenJson(item, depth + 1)))
  if (!isJsonObject(value)) return value
  return toFrozenRecord(Object.entries(value).map(([name, member]) => [name, toFrozenJson(member, depth + 1)]))
}

/** Makes a frozen record without prototype, in which any string can be a name. */
export function toFrozenRecord<Value>(entries: Iterable<readonly [string, Value]>): Readonly<Record<string, Value>> {
  const record = Object.create(null) as Record<string, Value>
  for (const [name, value] of entries) record[name] = value
  return Object.freeze(record)
}
