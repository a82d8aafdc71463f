import { requireKnownOptions } from './known-options.js'

/** What every adapter takes beside the requirement. */
export interface RefusalOptions {
  /**
   * Who answers a refused request: the adapter (`respond`), or the application (`throw`), whose error handler gets the
   * `AuthorizationError`. Default: `respond`.
   */
  readonly onRefusal?: 'respond' | 'throw'
}

/**
 * Reads the options of an adapter.
 *
 * @param options - what the application gave, or undefined
 * @param known - names of further options that the adapter reads itself
 * @throws {TypeError} when an option is unknown or malformed
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
