/**
 * Checks an option that brings functions. One that is not there would otherwise be missed at some call, and not at start-up.
 *
 * @throws {TypeError} when a function is missing
 */
export function requireFunctions(value: object, names: readonly string[], what: string): void {
  const members = Object(value) as Readonly<Record<string, unknown>>
  if (names.some((name) => typeof members[name] !== 'function')) {
    throw new TypeError(`${what} has the functions ${names.join(' and ')}`)
  }
}
