import {
  type AuthorizationHeader,
  type FetchStyleRequest,
  type NodeStyleRequest,
  readAuthorizationHeader,
} from '@org/zitadel-auth'
import { type Call, has } from './call.js'

/** Reads a request of Express or of Fastify. */
export function readHttpCall([request]: readonly unknown[]): Call {
  return { carrier: request as object, header: readHeader(request) }
}

/**
 * Takes the header off a request of Express, of Fastify, of Node.js, or of the Fetch API.
 *
 * @throws `TypeError`: when it is none
 */
export function readHeader(request: unknown): AuthorizationHeader {
  const raw = has(request, 'raw') ? request.raw : request
  // The headers of Fastify are what its hooks have left of them.
  const { headers } = Object(request) as NodeStyleRequest
  return has(raw, 'rawHeaders')
    ? readAuthorizationHeader({ headers, rawHeaders: raw.rawHeaders as readonly string[] })
    : readAuthorizationHeader(request as NodeStyleRequest | FetchStyleRequest)
}
