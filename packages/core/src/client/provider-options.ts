import { createPublisher } from '../internal/diagnostics.js'
import type { Logger } from '../internal/problem-log.js'
import { readLogger } from '../internal/read-logger.js'
import { createTrace } from '../internal/tracing.js'
import {
  type Connection,
  type ConnectionOptions,
  connectionOptionNames,
  readConnection,
} from '../provider/connection.js'
import { createDiscovery, type Discover } from '../provider/discovery.js'
import { createFetchJson, type FetchJson } from '../provider/fetch-json.js'
import { toInternalHeaders } from '../provider/internal-address.js'

/** Where ZITADEL is, and how to reach it. */
export interface TokenProviderOptions extends ConnectionOptions {
  /**
   * Where to report that a token cannot be renewed, or that a key expires soon.
   *
   * @defaultValue `console`
   */
  readonly logger?: Logger
}

/** The names of {@link TokenProviderOptions}. */
export const providerOptionNames: Readonly<Record<keyof TokenProviderOptions, true>> = {
  ...connectionOptionNames,
  logger: true,
}

/** A ZITADEL that gives tokens. */
export interface TokenProvider extends Pick<Connection, 'address' | 'issuers' | 'maxFlightMs' | 'clock'> {
  readonly discover: Discover<'tokenEndpoint'>
  readonly fetchJson: FetchJson
  /** Sent with every request. */
  readonly headers: Readonly<Record<string, string>>
  readonly logger: Logger
}

/**
 * Connects to a ZITADEL. Touches no network.
 *
 * @throws `TypeError`: when an option is malformed
 */
export function connectTokenProvider(options: TokenProviderOptions): TokenProvider {
  const { logger = console } = options
  const connection = readConnection(options)
  const { address, issuers, maxFlightMs, clock } = connection
  const publish = createPublisher(address.issuer)
  const fetchJson = createFetchJson({ ...connection, publish, trace: createTrace(address.issuer, clock) })
  return {
    address,
    issuers,
    discover: createDiscovery(address, { endpoints: ['tokenEndpoint'], fetchJson, clock, maxFlightMs }),
    fetchJson,
    headers: toInternalHeaders(address),
    maxFlightMs,
    logger: readLogger(logger),
    clock,
  }
}
