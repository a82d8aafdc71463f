import { once } from 'node:events'
import { createServer, type ServerOptions } from 'node:https'
import type { AddressInfo } from 'node:net'

/** A server with TLS that answers like a ZITADEL that knows every token. */
export interface SecureZitadel {
  readonly issuer: string
  readonly host: string
  /** The paths that were asked for. */
  readonly asked: readonly string[]
  close(): void
}

/** Starts a {@link SecureZitadel}, with the certificates and the demands in the options. */
export async function startSecureZitadel(options: ServerOptions): Promise<SecureZitadel> {
  const asked: string[] = []
  const server = createServer(options, ({ url = '' }, response) => {
    asked.push(url)
    const [introspection_endpoint, jwks_uri] = ['/oauth/v2/introspect', '/oauth/v2/keys'].map((path) => issuer + path)
    const metadata = { issuer, introspection_endpoint, jwks_uri }
    const answer = { active: true, iss: issuer, aud: ['api'], sub: 'ann', exp: Math.ceil(Date.now() / 1_000) + 3_600 }
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(url.startsWith('/.well-known/') ? metadata : answer))
  })
  // A client that does not like the certificate, or has none, says so, and that is all there is to it.
  server.on('tlsClientError', () => {})
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const host = `localhost:${(server.address() as AddressInfo).port}`
  const issuer = `https://${host}`
  return {
    issuer,
    host,
    asked,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}
