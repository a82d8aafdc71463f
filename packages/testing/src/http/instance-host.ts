import type { IncomingHttpHeaders } from 'node:http'
import { type Answer, text } from './answer.js'

/**
 * Refuses a request that reached the server by another name than the issuer's: ZITADEL finds its instance by the host.
 * A client that has to use an internal address names the public one in `x-zitadel-instance-host`.
 */
export function refuseOtherHost(headers: IncomingHttpHeaders, issuer: string): Answer | undefined {
  const { host, hostname } = new URL(issuer)
  const askedHost = headers['x-zitadel-instance-host'] ?? headers.host ?? ''
  if (askedHost === host) return undefined
  return text(
    404,
    `unable to set instance using origin http://${askedHost} (ExternalDomain is ${hostname}): Instance not found. Make sure you got the domain right. Check out https://zitadel.com/docs/apis/introduction#domains`,
  )
}
