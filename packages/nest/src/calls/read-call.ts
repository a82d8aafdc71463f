import type { ArgumentsHost } from '@nestjs/common'
import type { Call } from './call.js'
import { readGraphqlCall } from './graphql.js'
import { readGrpcCall } from './grpc.js'
import { readHttpCall } from './http.js'
import { readWebSocketCall } from './websocket.js'

const readers: ReadonlyMap<string, (args: readonly unknown[]) => Call> = new Map([
  ['http', readHttpCall],
  ['graphql', readGraphqlCall],
  ['rpc', readGrpcCall],
  ['ws', readWebSocketCall],
])

/**
 * Reads what is known of a call.
 *
 * @throws `TypeError`: when it is of a kind that brings no credentials, or that nobody knows
 */
export function readCall(host: ArgumentsHost): Call {
  const type = host.getType<string>()
  const read = readers.get(type)
  if (read !== undefined) return read(host.getArgs())
  throw new TypeError(`nobody knows the credentials of a call of the kind "${type}", so nobody can pass`)
}
