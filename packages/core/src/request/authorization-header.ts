import type { IncomingMessage } from 'node:http'
import type { AuthorizationHeader } from './bearer-token.js'

/**
 * Takes the `Authorization` header off a Node.js request, repeated ones included: `headers` keeps only the first and
 * would hide that a proxy and this API might look at different ones.
 *
 * @param request - the request of `node:http`, which Express, Fastify and Koa hand on
 */
export function readAuthorizationHeader(
  request: Pick<IncomingMessage, 'headers'> & Partial<Pick<IncomingMessage, 'headersDistinct'>>,
): AuthorizationHeader {
  const { authorization } = request.headers
  // A request that a serverless platform or a test made up may have headers alone.
  const all = request.headersDistinct?.['authorization']
  // Where the two differ, a middleware has set or removed the header, as one does that takes the token from a cookie.
  return all?.[0] === authorization ? all : authorization
}
