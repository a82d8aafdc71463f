import { Logger } from '@nestjs/common'
import {
  type AuthorizationContext,
  type AuthTypes,
  isAuthorizationError,
  type RequirementChoice,
  type RoleOf,
  type ZitadelAuth,
} from '@org/zitadel-auth'
import { createGuard } from '@org/zitadel-auth/adapter'
import { admitConnection } from './admission.js'
import { readSocket, rememberUpgradeRequest } from './calls/websocket.js'
import { closeSocket, tellSocket } from './socket.js'

/**
 * A new connection, as Nest passes it to `handleConnection`: a socket of Socket.IO, or one of `ws` with the request
 * that opened it.
 */
export type Connection =
  | {
      /** What Socket.IO knows of the request that opened the socket. */
      readonly handshake: object
    }
  | {
      /** The socket of `ws`. */
      readonly client: object
      /** The request that opened it. */
      readonly request: object
    }

/**
 * Allows or rejects a new connection in `handleConnection`, before which Nest runs no guard. A rejected one gets the
 * error and is closed. A socket of `ws` needs this call for its messages too, since they are checked with the
 * credentials of the request that opened it.
 *
 * Call it before anything that waits: until it has ended, messages of the client wait, and if the connection is
 * rejected, so are all its messages. Later each message needs what its handler says, and not what the connection
 * needed.
 *
 * Never rejects, since that would end the process: errors of the requirement or of a check are logged, and the
 * connection is closed.
 *
 * @typeParam Types - what the application tells the compiler about its ZITADEL
 * @param auth - from `createZitadelAuth`
 * @param connection - the socket of Socket.IO, or `{ client, request }` of `ws`
 * @param given - what the client needs: `true` for a valid token, or a requirement. Default: `true`
 * @returns who is connected; undefined if the connection was closed
 *
 * @example
 * ```ts
 * import type { IncomingMessage } from 'node:http'
 * import { type OnGatewayConnection, WebSocketGateway } from '@nestjs/websockets'
 * import { authenticateConnection } from '@org/zitadel-auth-nest'
 *
 * @WebSocketGateway()
 * export class ChatGateway implements OnGatewayConnection {
 *   async handleConnection(client: object, request: IncomingMessage): Promise<void> {
 *     const authorization = await authenticateConnection(auth, { client, request }, { role: 'editor' })
 *     if (authorization !== undefined) console.log(authorization.userId, 'has joined')
 *   }
 * }
 * ```
 */
export async function authenticateConnection<Types extends AuthTypes>(
  auth: ZitadelAuth<Types>,
  connection: Connection,
  ...given: [] | [RequirementChoice<RoleOf<Types>>]
): Promise<AuthorizationContext<RoleOf<Types>> | undefined> {
  // A socket of Socket.IO has a client too, which is another thing.
  const client = 'handshake' in connection ? connection : connection.client
  try {
    if (!('handshake' in connection)) rememberUpgradeRequest(connection.client, connection.request)
    const context = await admitConnection(client, async () =>
      createGuard(auth, 'required', given).admit(readSocket(client), undefined),
    )
    return context as AuthorizationContext<RoleOf<Types>> | undefined
  } catch (error) {
    close(auth as ZitadelAuth, client, error)
    return undefined
  }
}

const logger = new Logger('ZitadelAuth')

function close(auth: ZitadelAuth, client: object, error: unknown): void {
  try {
    const refusal = isAuthorizationError(error) ? auth.refusal(error) : undefined
    if (refusal === undefined) logger.error(error)
    else tellSocket(client, refusal)
    closeSocket(client, refusal?.status ?? 500)
  } catch (thrown) {
    logger.error(thrown)
  }
}
