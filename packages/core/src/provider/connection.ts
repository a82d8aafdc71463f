import { type Clock, readClock, systemClock } from '../internal/clock.js'
import { readTimeout } from '../internal/read-option.js'
import { type ProviderAddress, readProviderAddresses } from './issuer.js'
import { readTransport, type TransportOptions } from './transport/read-transport.js'
import type { Transport } from './transport/transport.js'

/** Where ZITADEL is, and how to reach it. */
export interface ConnectionOptions extends TransportOptions {
  /**
   * The domain of the ZITADEL instance: `my-domain.zitadel.cloud`, `https://…`, or `http://localhost:8080`. If it is a
   * list of names of one instance, requests go to the first.
   */
  readonly domain: string | readonly string[]
  /** The address at which this process reaches ZITADEL, if it differs from the domain. */
  readonly internalUrl?: string
  /**
   * Allows plain http to hosts other than this machine.
   *
   * @defaultValue `false`
   */
  readonly allowInsecureHttp?: boolean
  /**
   * How many milliseconds a request to ZITADEL may take, including its retry.
   *
   * @defaultValue `5_000`
   */
  readonly timeoutMs?: number
  /** The time, for tests. Functions that are left out use the time of this machine. */
  readonly clock?: Partial<Clock>
}

/** The names of {@link ConnectionOptions}. */
export const connectionOptionNames: Readonly<Record<keyof ConnectionOptions, true>> = {
  domain: true,
  internalUrl: true,
  allowInsecureHttp: true,
  timeoutMs: true,
  clock: true,
  agent: true,
  fetch: true,
}

/** How a ZITADEL is reached. */
export interface Connection {
  /** What is asked. */
  readonly address: ProviderAddress
  /** The names of the instance, that one among them. */
  readonly issuers: readonly string[]
  readonly transport: Transport
  readonly timeoutMs: number
  /** For how long something may take that many wait for. */
  readonly maxFlightMs: number
  readonly clock: Clock
}

/** So many waits of `timeoutMs` are in it at the most: for the metadata, and for two answers. */
const waits = 3

/**
 * Reads how ZITADEL is reached. Touches no network.
 *
 * @throws `TypeError`: when an option is malformed
 */
export function readConnection(options: ConnectionOptions): Connection {
  const clock = readClock(options.clock ?? systemClock)
  const timeoutMs = readTimeout(options.timeoutMs ?? 5_000)
  const addresses = readProviderAddresses(options)
  return {
    address: addresses[0],
    issuers: addresses.map(({ issuer }) => issuer),
    transport: readTransport(options),
    timeoutMs,
    maxFlightMs: waits * timeoutMs,
    clock,
  }
}
