import type { AuthorizationHeader } from '@org/zitadel-auth'
import { type Call, has } from './call.js'
import { readHeader } from './http.js'

// A registered symbol, for the copies of this package.
const key = Symbol.for('@org/zitadel-auth-nest/upgrade')

/**
 * Stores the request with which a socket of `ws` was opened, in `handleConnection(client, request)`: messages are
 * checked with its credentials. For gateways that let everybody connect; `authenticateConnection` does it too.
 *
 * @param client - the socket
 * @param request - the request, as Nest passes it
 *
 * @example
 * ```ts
 * import type { IncomingMessage } from 'node:http'
 * import { type OnGatewayConnection, WebSocketGateway } from '@nestjs/websockets'
 * import { rememberUpgradeRequest } from '@org/zitadel-auth-nest'
 *
 * @WebSocketGateway()
 * export class ChatGateway implements OnGatewayConnection {
 *   handleConnection(client: object, request: IncomingMessage): void {
 *     rememberUpgradeRequest(client, request)
 *   }
 * }
 * ```
 */
export function rememberUpgradeRequest(client: object, request: object): void {
  Object.defineProperty(client, key, { value: request, configurable: true })
}

/**
 * Reads a message of a socket, of `ws` or of Socket.IO.
 *
 * @throws `TypeError`: when nobody knows how the socket began
 */
export function readWebSocketCall([client]: readonly unknown[]): Call {
  return { carrier: client as object, header: readSocket(client) }
}

/** Takes the credentials off a socket. */
export function readSocket(client: unknown): AuthorizationHeader {
  if (has(client, 'handshake')) return readHandshake(client.handshake)
  const request = (client as { readonly [key]?: object } | null | undefined)?.[key]
  if (request !== undefined) return readHeader(request)
  throw new TypeError(
    'nobody knows the credentials of this socket, so nobody can pass: call authenticateConnection(auth, { client, request }) or rememberUpgradeRequest(client, request) in handleConnection(client, request)',
  )
}

/**
 * Browsers set no headers on a socket: a client of Socket.IO there gives `auth: { token }`.
 *
 * @returns both, as a repeated header, where there are two
 */
function readHandshake(handshake: unknown): AuthorizationHeader {
  const header = readHeader(handshake)
  const token = has(handshake, 'auth') && has(handshake.auth, 'token') ? handshake.auth.token : undefined
  if (token === undefined) return header
  const ofToken = `Bearer ${typeof token === 'string' ? token : ''}`
  return header === undefined || header === null ? ofToken : [header, ofToken].flat()
}
