import { requireKnown } from '../internal/read-option.js'
import type { ProviderMetadata } from './discovery.js'
import { toInternalUrl } from './internal-address.js'
import type { ProviderAddress } from './issuer.js'

/** The endpoints of ZITADEL, if its metadata should not be fetched. */
export interface EndpointOptions {
  /** The introspection endpoint: `https://my-domain.zitadel.cloud/oauth/v2/introspect`. Not needed in mode `jwt`. */
  readonly introspection?: string
  /**
   * The endpoint of the public keys: `https://my-domain.zitadel.cloud/oauth/v2/keys`. It also serves to tell an outage
   * from inactive tokens.
   */
  readonly keys: string
}

const members = { introspection: 'introspectionEndpoint', keys: 'jwksUri' } as const

/**
 * Reads the option `endpoints`: it takes the place of ZITADEL's metadata.
 *
 * @param given - what the application gave
 * @param verification - the mode of verification
 * @param address - where ZITADEL is: an endpoint under its public name is reached at the internal one
 * @throws `TypeError`: when an endpoint is missing, malformed, or plain http to a host that is not this machine
 */
export function readEndpoints(
  given: EndpointOptions,
  verification: 'introspection' | 'jwt' | 'auto',
  address: ProviderAddress,
): Partial<ProviderMetadata> {
  if (typeof given !== 'object' || given === null) throw new TypeError('endpoints is an object')
  requireKnown(given, { introspection: true, keys: true }, 'member of endpoints')
  const names = verification === 'jwt' ? (['keys'] as const) : (['introspection', 'keys'] as const)
  return Object.fromEntries(names.map((name) => [members[name], readEndpoint(given[name], name, address)]))
}

function readEndpoint(value: unknown, name: keyof EndpointOptions, address: ProviderAddress): URL {
  if (typeof value !== 'string' || !/^https?:/.test(value) || !URL.canParse(value)) {
    throw new TypeError(`endpoints.${name} is needed, and is a URL`)
  }
  const url = toInternalUrl(new URL(value), address)
  address.requireSecure(url, `endpoints.${name}`)
  return url
}
