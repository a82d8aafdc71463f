import { requireKnownOptions } from './known-options.js'

/** The options that every adapter takes after the requirement. */
export interface RefusalOptions {
  /**
   * Who responds to a rejected request: the adapter (`respond`), or the error handler of the application, which gets
   * the `AuthorizationError` (`throw`).
   *
   * @defaultValue `'respond'`
   */
  readonly onRefusal?: 'respond' | 'throw'
}

/**
 * Reads the options of an adapter.
 *
 * @param options - what the application gave, or undefined
 * @param known - the names of further options, which the adapter reads itself
 * @throws `TypeError`: when an option is unknown or malformed
 *
 * @example
 * ```ts
 * import { type RefusalOptions, readRefusalOptions } from '@org/zitadel-auth/adapter'
 *
 * interface MyOptions extends RefusalOptions {
 *   readonly name?: string
 * }
 *
 * export function createMyMiddleware(options?: MyOptions): void {
 *   const { onRefusal } = readRefusalOptions(options, ['name'])
 *   console.log(onRefusal) // 'respond'
 * }
 * ```
 */
export function readRefusalOptions(
  options: object | undefined,
  known: readonly string[] = [],
): Required<RefusalOptions> {
  if (options === undefined) return { onRefusal: 'respond' }
  requireKnownOptions(options, ['onRefusal', ...known])
  const { onRefusal = 'respond' } = options as RefusalOptions
  if (onRefusal !== 'respond' && onRefusal !== 'throw') throw new TypeError("onRefusal is 'respond' or 'throw'")
  return { onRefusal }
}
