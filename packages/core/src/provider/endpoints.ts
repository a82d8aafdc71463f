import { requireKnown } from '../internal/read-option.js'
import type { ProviderMetadata } from './discovery.js'
import { toInternalUrl } from './internal-address.js'
import type { ProviderAddress } from './issuer.js'

/** Where ZITADEL's endpoints are, for those who do not want to ask for its metadata. */
export interface EndpointOptions {
  /** The introspection endpoint: `https://my-domain.zitadel.cloud/oauth/v2/introspect`. Not needed in `jwt`. */
  readonly introspection?: string
  /** The endpoint of the public keys: `https://my-domain.zitadel.cloud/oauth/v2/keys`. It also tells an outage from inactive tokens. */
  readonly keys: string
}

const known = { introspection: true, keys: true } as const

/** What each mode of verification can't do without. */
const needed: Readonly<Record<'introspection' | 'jwt' | 'auto', readonly (keyof EndpointOptions)[]>> = {
  introspection: ['introspection', 'keys'],
  jwt: ['keys'],
  auto: ['introspection', 'keys'],
}

/**
 * Reads the option `endpoints`: it takes the place of ZITADEL's metadata.
 *
 * @param given - what the application gave
 * @param verification - the mode of verification
 * @param address - where ZITADEL is: an endpoint under its public name is reached at the internal one
 * @throws {TypeError} when an endpoint is missing, malformed, or plain http to a host that is not this machine
 */
export function readEndpoints(
  given: EndpointOptions,
  verification: keyof typeof needed,
  address: ProviderAddress,
): Partial<ProviderMetadata> {
  if (typeof given !== 'object' || given === null) throw new TypeError('endpoints is { introspection, keys }')
  requireKnown(given, known, 'member of endpoints')
  const missing = needed[verification].find((name) => given[name] === undefined)
  if (missing !== undefined) throw new TypeError(`endpoints.${missing} is missing, and '${verification}' needs it`)
  const { introspection, keys } = given
  return {
    ...(introspection === undefined
      ? {}
      : { introspectionEndpoint: readEndpoint(introspection, 'introspection', address) }),
    ...(keys === undefined ? {} : { jwksUri: readEndpoint(keys, 'keys', address) }),
  }
}

function readEndpoint(value: unknown, name: keyof EndpointOptions, address: ProviderAddress): URL {
  if (typeof value !== 'string' || !URL.canParse(value)) throw new TypeError(`endpoints.${name} is a URL`)
  const url = toInternalUrl(new URL(value), address)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new TypeError(`endpoints.${name} is no web address`)
  address.requireSecure(url, `endpoints.${name}`)
  return url
}
