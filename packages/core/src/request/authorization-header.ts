import type { AuthorizationHeader } from './bearer-token.js'

/**
 * A request of Node.js, or an object like it: a test's, or the event of a serverless platform.
 *
 * @group Types for the compiler
 */
export interface NodeStyleRequest {
  /** The headers by name. Node.js has the names in lower case, API Gateway as the client wrote them. */
  readonly headers: Readonly<Record<string, string | readonly string[] | null | undefined>>
  /** Names and values in turn, as they were received, including repeated ones. */
  readonly rawHeaders?: readonly string[] | undefined
}

/**
 * A `Request` of the Fetch API, also of another realm or a polyfill.
 *
 * @group Types for the compiler
 */
export interface FetchStyleRequest {
  /** The headers, with repeated ones joined. */
  readonly headers: {
    /** Returns the value of a header, or null. */
    get(name: string): string | null
  }
}

/**
 * Reads the `Authorization` header of a request, including repeated ones: the `headers` of Node.js keep only the first,
 * so a proxy and this API could look at different ones.
 *
 * @param request - a request of `node:http`, which Express, Fastify and Koa pass on; a `Request`; or an object with
 * `headers` whose names may be in any case
 * @throws `TypeError`: when it has no `headers`
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http'
 * import { readAuthorizationHeader } from '@org/zitadel-auth'
 *
 * createServer(async (request, response) => {
 *   try {
 *     const { userId } = await auth.authenticate(readAuthorizationHeader(request))
 *     response.end(`Hello ${userId}`)
 *   } catch (error) {
 *     const { status, headers, body } = auth.refusal(error) ?? { status: 500, headers: {}, body: '' }
 *     response.writeHead(status, headers).end(body)
 *   }
 * }).listen(8080)
 * ```
 */
export function readAuthorizationHeader(request: NodeStyleRequest | FetchStyleRequest): AuthorizationHeader {
  const headers: unknown = request?.headers
  if (typeof headers !== 'object' || headers === null) {
    throw new TypeError('readAuthorizationHeader takes a request, which has headers')
  }
  if (isFetchStyle(request)) return request.headers.get(headerName)
  return request.rawHeaders === undefined ? findByName(request.headers) : readNodeHeader(request, request.rawHeaders)
}

function isFetchStyle(request: NodeStyleRequest | FetchStyleRequest): request is FetchStyleRequest {
  return typeof request.headers['get'] === 'function'
}

/** Where the two differ, a middleware has set or removed the header, as one does that takes the token from a cookie. */
function readNodeHeader(
  { headers: { authorization } }: NodeStyleRequest,
  rawHeaders: readonly string[],
): AuthorizationHeader {
  const all = findAll(rawHeaders)
  return all.length > 1 && all[0] === authorization ? all : authorization
}

/** The values in a list of names and values. `headersDistinct` has them too, but lists every other header for it. */
function findAll(rawHeaders: readonly string[]): readonly string[] {
  const values: string[] = []
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if (isAuthorization(rawHeaders[index] as string)) values.push(rawHeaders[index + 1] as string)
  }
  return values
}

/** All of them: two names that differ in case are a repeated header. */
function findByName(headers: NodeStyleRequest['headers']): AuthorizationHeader {
  const values = Object.keys(headers).flatMap((name) => (isAuthorization(name) ? (headers[name] ?? []) : []))
  return values.length > 1 ? values : values[0]
}

const headerName = 'authorization'

/** Most names have another length, and need not be read. */
function isAuthorization(name: string): boolean {
  return name.length === headerName.length && name.toLowerCase() === headerName
}
