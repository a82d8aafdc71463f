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

/** A new connection: what Nest gives `handleConnection`, a socket of Socket.IO, or one of `ws` with the request it began with. */
export type Connection =
  | {
      /** What Socket.IO knows of the request that the socket began with. */
      readonly handshake: object
    }
  | {
      /** The socket of `ws`. */
      readonly client: object
      /** The request that it began with. */
      readonly request: object
    }

/**
 * Admits a new connection in `handleConnection`, before which no guard of Nest runs. One that is refused is told why, and
 * closed. A socket of `ws` needs this call for its messages too: they are judged by the request that it began with.
 *
 * Call it before anything that waits: from then on messages of the client wait until it has ended, public ones too, and all are
 * refused when the connection is. Later each is judged by what its handler asks for, not by what the connection did.
 *
 * ```ts
 * async handleConnection(client: WebSocket, request: IncomingMessage) {
 *   const authorization = await authenticateConnection(this.auth, { client, request }, { role: 'chat' })
 *   if (authorization !== undefined) this.join(client, authorization.userId)
 * }
 * ```
 *
 * Never rejects, which would end the process: what is wrong with the requirement or a check of yours is logged, and the
 * connection closed.
 *
 * @typeParam Types - what the application told the compiler of its ZITADEL
 * @param auth - from `createZitadelAuth`
 * @param connection - the socket of Socket.IO, or `{ client, request }` of `ws`
 * @param given - what the client must bring: `true` or a requirement. Default: `true`
 * @returns who is connected; undefined where the connection is closed
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
