import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'

interface RawRequest {
  readonly method?: string
  readonly path?: string
  readonly headers?: Record<string, string>
  readonly body?: string
}

/** A request as `fetch` does not let one make it: with a `Host`, or a path, of one's own. */
export async function sendRaw(issuer: string, { method = 'GET', path = '/', headers = {}, body = '' }: RawRequest) {
  const { hostname, port } = new URL(issuer)
  const sent = request({ hostname, port, method, path, headers, agent: false })
  sent.end(body)
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  const chunks = await response.toArray()
  return { status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks).toString() }
}
