/** `AbortSignal.timeout` refuses a fraction, and fires at once for more: at every request, not at startup. */
const longestTimeoutMs = 2 ** 31 - 1

/** Reads `timeoutMs`. */
export function readTimeout(value: unknown): number {
  if (!Number.isInteger(value) || (value as number) < 1 || (value as number) > longestTimeoutMs) {
    throw new TypeError(`timeoutMs is a whole number from 1 to ${longestTimeoutMs}`)
  }
  return value as number
}

/** Reads a number greater than 0. */
export function readPositive(value: unknown, name: string): number {
  if (!Number.isFinite(value) || (value as number) <= 0) {
    throw new TypeError(
      `${name} is a number greater than 0${name === 'cache.ttlSeconds' ? ' (cache: false turns the cache off)' : ''}`,
    )
  }
  return value as number
}

/** Reads a whole number greater than 0. */
export function readCount(value: unknown, name: string): number {
  if (!Number.isSafeInteger(value) || (value as number) < 1)
    throw new TypeError(`${name} is a whole number greater than 0`)
  return value as number
}

/** A misspelled option would otherwise be one that is silently not there. */
export function requireKnown(given: object, known: Readonly<Record<string, true>>, what: string): void {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(known, name))
  if (unknown !== undefined) {
    throw new TypeError(`unknown ${what} "${unknown}": known are ${Object.keys(known).join(', ')}`)
  }
}

/** What to look at where an option is given and says nothing. */
export const isVariableSet = 'is the environment variable set?'

/** An environment variable that is not set gives an option that is there and undefined. */
export function requireNoneUnset(given: object, names: readonly string[]): void {
  const unset = names.filter(
    (name) => Object.hasOwn(given, name) && (given as Record<string, unknown>)[name] === undefined,
  )
  if (unset.length === 0) return
  throw new TypeError(`${unset.join(' and ')} ${unset.length === 1 ? 'is' : 'are'} undefined: ${isVariableSet}`)
}

/** Reads a text that is not empty. */
export function readText(value: unknown, name: string): string {
  if (typeof value !== 'string' || value === '') throw new TypeError(`${name} is a text that is not empty`)
  return value
}

/** A function that is not there would otherwise be missed at some request, and not at startup. */
export function requireFunctions(value: object, names: readonly string[], what: string): void {
  const members = Object(value) as Readonly<Record<string, unknown>>
  if (names.some((name) => typeof members[name] !== 'function')) {
    throw new TypeError(`${what} has the functions ${names.join(' and ')}`)
  }
}
