/** Where ZITADEL is: the name it goes by, and the address at which this process reaches it. */
export interface ProviderAddress {
  /** The issuer: scheme, host and port, without a slash at the end. */
  readonly issuer: string
  /** The origin to send requests to, in the same form. The issuer, unless an internal address is configured. */
  readonly origin: string
  /** Requires https of an endpoint, except where plain http is allowed. */
  readonly requireSecure: (url: URL, what: string) => void
}

/** What {@link readProviderAddress} reads. */
export interface ProviderAddressOptions {
  readonly domain: string
  readonly internalUrl?: string | undefined
  readonly allowInsecureHttp?: boolean | undefined
}

/**
 * Reads the configured domain: a host name (`my-domain.zitadel.cloud`) or a URL without path.
 *
 * @throws `TypeError`: when the domain or the internal URL is malformed, or plain http to a host that is not this machine
 */
export function readProviderAddress({
  domain,
  internalUrl,
  allowInsecureHttp = false,
}: ProviderAddressOptions): ProviderAddress {
  const requireSecure = (url: URL, what: string): void => {
    if (url.protocol === 'https:' || allowInsecureHttp || isLoopback(url.hostname)) return
    throw new TypeError(
      `${what} is plain http to a host that is not this machine, where tokens can be read on the way: use https, or set allowInsecureHttp`,
    )
  }
  const issuer = readOrigin(domain, 'domain')
  const origin = internalUrl === undefined ? issuer : readOrigin(internalUrl, 'internalUrl')
  requireSecure(issuer, 'the domain')
  requireSecure(origin, 'the internalUrl')
  return { issuer: issuer.origin, origin: origin.origin, requireSecure }
}

/**
 * Reads the option `domain`, which may name one instance by several names: the first is the one that is asked where any would do.
 *
 * @throws what {@link readProviderAddress} throws
 */
export function readProviderAddresses(
  options: Omit<ProviderAddressOptions, 'domain'> & { readonly domain: string | readonly string[] },
): readonly [ProviderAddress, ...(readonly ProviderAddress[])] {
  const [first, ...others] = [options.domain].flat().map((domain) => readProviderAddress({ ...options, domain }))
  return [first ?? readProviderAddress({ ...options, domain: '' }), ...others]
}

function readOrigin(value: unknown, name: string): URL {
  const help = `the ${name} must be like my-domain.zitadel.cloud, https://my-domain.zitadel.cloud or http://localhost:8080`
  if (typeof value !== 'string' || value === '') throw new TypeError(`the ${name} is missing: ${help}`)
  // URL() would drop control characters and read a backslash as a slash; none of them belongs here.
  const text = /^[\w.:/[\]~%-]+$/u.test(value) ? value : ''
  const url = toUrl(text.includes('://') ? text : `https://${text}`)
  if (url === undefined) throw new TypeError(`the ${name} is not a host name or URL: ${help}`)
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new TypeError(`the ${name} is not a web address: ${help}`)
  if (url.pathname !== '/') throw new TypeError(`the ${name} has a path: ${help}`)
  return url
}

function toUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined
}

/** @see [RFC 6761 section 6.3](https://www.rfc-editor.org/rfc/rfc6761.html#section-6.3): names under localhost stay on this machine */
function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127(\.\d{1,3}){3}$/.test(hostname)
  )
}
