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
 * @throws `RangeError`: when it is nested more than 32 levels deep
 */
export function toFrozenJson(value: unknown, depth = 0): unknown {
  if (depth > maxDepth) throw new RangeError('nested too deep')
  if (Array.isArray(value)) return Object.freeze(value.map((item) => toFrozenJson(item, depth + 1)))
  if (!isJsonObject(value)) return value
  // Without its prototype before anything is set, so that `__proto__` is a name too.
  const copy = Object.setPrototypeOf({ ...value }, null)
  for (const name in copy) copy[name] = toFrozenJson(copy[name], depth + 1)
  return Object.freeze(copy)
}

/**
 * Makes a frozen record without prototype, in which any string can be a name. It loses its prototype last: V8 keeps
 * what starts without one as a hash table, which takes half as much memory again for the roles of a remembered token.
 */
export function toFrozenRecord<Value>(entries: Iterable<readonly [string, Value]>): Readonly<Record<string, Value>> {
  const record = Object.fromEntries(entries) as Record<string, Value>
  return Object.freeze(Object.setPrototypeOf(record, null))
}

/** Tells whether a value is what {@link toFrozenRecord} makes. */
export function isFrozenRecord(value: unknown): value is JsonObject {
  return isJsonObject(value) && Object.isFrozen(value) && Object.getPrototypeOf(value) === null
}
