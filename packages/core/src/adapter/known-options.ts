import { requireKnown } from '../internal/read-option.js'

/**
 * Checks the options of an adapter, for those who write one.
 *
 * @param options - what the application gave
 * @param known - the names of the options
 * @throws {TypeError} when they are no object, or one of them is unknown: a misspelt option, or a requirement in the place of
 * the options, would otherwise be one that nobody asks for
 */
export function requireKnownOptions(options: object, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null) throw new TypeError('the options are an object')
  requireKnown(options, Object.fromEntries(known.map((name) => [name, true as const])), 'option')
}
