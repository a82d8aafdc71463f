import type { IncomingMessage } from 'node:http'
import type { AuthorizationHeader } from './bearer-token.js'

/**
 * Takes the `Authorization` header off a Node.js request, repeated ones included: `headers` keeps only the first and
 * would hide that a proxy and this API might look at different ones.
 *
 * @param request - the request of `node:http`, which Express, Fastify and Koa hand on
 */
export function readAuthorizationHeader(
  request: Pick<IncomingMessage, 'headers'> & Partial<Pick<IncomingMessage, 'rawHeaders'>>,
): AuthorizationHeader {
  const { authorization } = request.headers
  // A request that a serverless platform or a test made up may have headers alone.
  const all = findAll(request.rawHeaders ?? [])
  // Where the two differ, a middleware has set or removed the header, as one does that takes the token from a cookie.
  return all.length > 0 && all[0] === authorization ? all : authorization
}

/** The values in a list of names and values. `headersDistinct` has them too, but lists every other header for it. */
function findAll(rawHeaders: readonly string[]): readonly string[] {
  return rawHeaders.filter((_value, index) => index % 2 === 1 && isAuthorization(rawHeaders[index - 1] as string))
}

const headerName = 'authorization'

/** Most names have another length, and need not be read. */
function isAuthorization(name: string): boolean {
  return name.length === headerName.length && name.toLowerCase() === headerName
}
