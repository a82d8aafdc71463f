/**
 * Reads where a ZITADEL is: `my-domain.zitadel.cloud`, `https://…`, or `http://localhost:8080`.
 *
 * @throws {TypeError} for what is no domain, and for plain http to another machine, which would show the token to everybody
 * between
 */
export function readOrigin(domain: string): string {
  const text = domain.includes('://') ? domain : `https://${domain}`
  if (!URL.canParse(text)) throw new TypeError('the domain is not a host name')
  const { protocol, hostname, origin, href } = new URL(text)
  const isOrigin = (protocol === 'https:' || protocol === 'http:') && href === `${origin}/`
  if (!isOrigin) throw new TypeError('the domain is a host name, or https:// and a host name')
  if (protocol === 'http:' && !/^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname))
    throw new TypeError('the domain is plain http to another machine, to which the admin token is not sent')
  return origin
}
