import type { IncomingHttpHeaders } from 'node:http'
import type { Instance } from '../instance/instance.js'
import { type Answer, NO_STORE, text } from './answer.js'

/**
 * The issuer that a request speaks to: ZITADEL finds its instance by the host, and is as many issuers as it has names.
 * A proxy that calls it by an internal name tells the outer one by `x-zitadel-instance-host`, `x-zitadel-public-host`
 * and `x-forwarded-proto`. Gives the refusal when a name is none of the instance's.
 */
export function readIssuer(headers: IncomingHttpHeaders, { issuer, hostnames }: Instance): string | Answer {
  const instanceHost = readHeader(headers, 'x-zitadel-instance-host') || (headers.host ?? '')
  const publicHost = readHeader(headers, 'x-zitadel-public-host')
  const protocol = readProtocol(headers)
  const hosts = publicHost === '' ? [instanceHost] : [instanceHost, publicHost]
  if (hosts.every((host) => hostnames.has(toHostname(host)))) return `${protocol}://${publicHost || instanceHost}`
  return text(
    404,
    `unable to set instance using origin &{${instanceHost} ${publicHost} ${protocol}} (ExternalDomain is ${new URL(issuer).hostname}): ID=QUERY-1kIjX Message=Instance not found. Make sure you got the domain right. Check out https://zitadel.com/docs/apis/introduction#domains`,
    NO_STORE,
  )
}

/** The port is no part of a name. */
function toHostname(host: string): string {
  return host.replace(/:\d+$/, '').toLowerCase()
}

function readProtocol(headers: IncomingHttpHeaders): 'http' | 'https' {
  return readHeader(headers, 'x-forwarded-proto') === 'https' ? 'https' : 'http'
}

function readHeader(headers: IncomingHttpHeaders, name: string): string {
  return String(headers[name] ?? '')
}
