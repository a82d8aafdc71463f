import { Buffer } from 'node:buffer'
import type { ZitadelAuth } from '../zitadel-auth.js'
import type { Endpoint, EndpointAnswer } from './endpoint.js'
import { requireAuth } from './require-auth.js'

const methods = 'GET, HEAD, OPTIONS'

/** Whatever page a client of the resource runs in: the document is for everybody. */
const anyOrigin = { 'Access-Control-Allow-Origin': '*' }

/**
 * Creates the endpoint that serves the metadata of a protected resource, to GET and HEAD requests and with CORS for
 * every origin.
 *
 * @param auth - from `createZitadelAuth`, with the option `resource`
 * @throws `TypeError`: when `auth` is not a ZitadelAuth, or has no resource
 * @see [RFC 9728 section 3](https://www.rfc-editor.org/rfc/rfc9728.html#section-3)
 *
 * @example
 * ```ts
 * import { createNodeMiddleware, createResourceEndpoint } from '@org/zitadel-auth/adapter'
 *
 * app.use(createNodeMiddleware(createResourceEndpoint(auth)))
 * ```
 */
export function createResourceEndpoint(auth: Pick<ZitadelAuth, 'refusal' | 'resourceMetadata'>): Endpoint {
  requireAuth(auth, ['refusal'])
  const { resourceMetadata } = auth
  if (resourceMetadata === undefined) {
    throw new TypeError(
      "there is no resource whose metadata could be served: createZitadelAuth({ …, resource: 'https://api.example.com/mcp' })",
    )
  }
  const document = toAnswer(200, 'application/json', JSON.stringify(resourceMetadata.document), {
    'Cache-Control': 'public, max-age=300',
  })
  const answers = new Map([
    ['GET', document],
    ['HEAD', document],
    ['OPTIONS', preflight],
  ])
  return { path: resourceMetadata.path, answer: ({ method }) => answers.get(method) ?? notAllowed }
}

/** MCP's clients send a header with the version of their protocol, and so their browser asks first. */
const preflight: EndpointAnswer = {
  status: 204,
  headers: {
    ...anyOrigin,
    'Access-Control-Allow-Methods': methods,
    'Access-Control-Allow-Headers': '*',
    Allow: methods,
  },
  body: '',
}

const notAllowed = toAnswer(405, 'text/plain; charset=utf-8', 'method not allowed\n', {
  'Cache-Control': 'no-store',
  Allow: methods,
})

function toAnswer(status: number, type: string, body: string, more: Readonly<Record<string, string>>): EndpointAnswer {
  const headers = {
    ...anyOrigin,
    'Content-Type': type,
    'Content-Length': String(Buffer.byteLength(body)),
    'X-Content-Type-Options': 'nosniff',
    ...more,
  }
  return { status, headers, body }
}
