import type { ProviderAddress } from './issuer.js'

/** Names the instance that is meant, where the host does not. */
export const instanceHostHeader = 'x-zitadel-instance-host'

/**
 * The headers with which ZITADEL knows, behind an internal address, which of its instances is meant and what it is
 * called outside. None where the issuer is asked itself.
 */
export function toInternalHeaders({ issuer, origin }: ProviderAddress): Readonly<Record<string, string>> {
  if (issuer === origin) return {}
  const { host, protocol } = new URL(issuer)
  return {
    [instanceHostHeader]: host,
    'x-zitadel-public-host': host,
    'x-forwarded-proto': protocol.slice(0, -1),
  }
}

/** Metadata names endpoints by their public address: gives the one at which this process reaches them. */
export function toInternalUrl(endpoint: URL, { issuer, origin }: ProviderAddress): URL {
  return endpoint.origin === issuer ? new URL(`${origin}${endpoint.pathname}${endpoint.search}`) : endpoint
}
