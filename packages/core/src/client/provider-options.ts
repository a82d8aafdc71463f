import type { Clock } from '../internal/clock.js'
import { readClock, systemClock } from '../internal/clock.js'
import { createPublisher } from '../internal/diagnostics.js'
import type { Logger } from '../internal/problem-log.js'
import { readLogger } from '../internal/read-logger.js'
import { readTimeout } from '../internal/read-option.js'
import { createTrace } from '../internal/tracing.js'
import { createDiscovery, type Discover } from '../provider/discovery.js'
import { createFetchJson, type FetchJson } from '../provider/fetch-json.js'
import { toInternalHeaders } from '../provider/internal-address.js'
import { readProviderAddresses } from '../provider/issuer.js'
import { readTransport, type TransportOptions } from '../provider/transport/read-transport.js'

/** Where ZITADEL is, and how it is reached. */
export interface TokenProviderOptions extends TransportOptions {
  /**
   * The domain of the ZITADEL instance: `my-domain.zitadel.cloud`, `https://…`, or `http://localhost:8080`. Of a list of names of one
   * instance the first is asked.
   */
  readonly domain: string | readonly string[]
  /** The address at which this process reaches ZITADEL, where that is not the domain. */
  readonly internalUrl?: string
  /** Allows plain http to hosts other than this machine. Default: false. */
  readonly allowInsecureHttp?: boolean
  /** The deadline of a request to ZITADEL in milliseconds, its retry included. Default: 5,000. */
  readonly timeoutMs?: number
  /** Where to say that a token can't be renewed, or that a key expires soon. Default: `console`. */
  readonly logger?: Logger
  /** The time, for tests; what it leaves out is this machine's. Default: this machine's. */
  readonly clock?: Partial<Clock>
}

/** The names of {@link TokenProviderOptions}. */
export const providerOptionNames: Readonly<Record<keyof TokenProviderOptions, true>> = {
  domain: true,
  internalUrl: true,
  allowInsecureHttp: true,
  timeoutMs: true,
  logger: true,
  clock: true,
  agent: true,
  fetch: true,
}

/** A ZITADEL that gives tokens. */
export interface TokenProvider {
  readonly issuer: string
  /** The names of the instance, that one among them. */
  readonly issuers: readonly string[]
  readonly discover: Discover<'tokenEndpoint'>
  readonly fetchJson: FetchJson
  /** Sent with every request. */
  readonly headers: Readonly<Record<string, string>>
  /** For how long a request for a token may take that many wait for. */
  readonly maxFlightMs: number
  readonly logger: Logger
  readonly clock: Clock
}

/** So many waits of `timeoutMs` are in a request for a token at the most: for the metadata, and for two answers. */
const waits = 3

/**
 * Connects to a ZITADEL. Touches no network.
 *
 * @throws {TypeError} when an option is malformed
 */
export function connectTokenProvider(options: TokenProviderOptions): TokenProvider {
  const { logger = console } = options
  const clock = readClock(options.clock ?? systemClock)
  const timeoutMs = readTimeout(options.timeoutMs ?? 5_000)
  const addresses = readProviderAddresses(options)
  const [address] = addresses
  const maxFlightMs = waits * timeoutMs
  const publish = createPublisher(address.issuer)
  const trace = createTrace(address.issuer, clock)
  const fetchJson = createFetchJson({ transport: readTransport(options), timeoutMs, clock, publish, trace })
  return {
    issuer: address.issuer,
    issuers: addresses.map(({ issuer }) => issuer),
    discover: createDiscovery(address, { endpoints: ['tokenEndpoint'], fetchJson, clock, maxFlightMs }),
    fetchJson,
    headers: toInternalHeaders(address),
    maxFlightMs,
    logger: readLogger(logger),
    clock,
  }
}
