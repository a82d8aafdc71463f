import { requireKnown } from '../internal/read-option.js'

/**
 * Checks the names of an adapter's options. A misspelled option, or a requirement in place of the options, would
 * otherwise be ignored.
 *
 * @param options - what the application gave
 * @param known - the names of the options
 * @throws `TypeError`: when the options are not an object, or one of them is unknown
 *
 * @example
 * ```ts
 * import { requireKnownOptions } from '@org/zitadel-auth/adapter'
 *
 * export function createMyMiddleware(options: { readonly name?: string } = {}): void {
 *   requireKnownOptions(options, ['name'])
 * }
 * ```
 */
export function requireKnownOptions(options: object, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null) throw new TypeError('the options are an object')
  requireKnown(options, Object.fromEntries(known.map((name) => [name, true as const])), 'option')
}
