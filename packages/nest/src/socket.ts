import type { HttpRefusal } from '@org/zitadel-auth'
import { has } from './calls/call.js'

/** A socket of the package `ws`. */
interface NativeSocket {
  readonly readyState: number
  send(data: string): void
  close(code: number): void
}

/** A socket of Socket.IO. */
interface SocketIoSocket {
  emit(event: string, data: unknown): unknown
  disconnect(close: boolean): unknown
}

/** Tells a client that it is refused, in the form in which Nest tells of its own exceptions. What it has sent is not repeated. */
export function tellSocket(client: unknown, { text }: HttpRefusal): void {
  const data = { status: 'error', message: text }
  if (!isNative(client)) (client as SocketIoSocket).emit('exception', data)
  else if (client.readyState === open) client.send(JSON.stringify({ event: 'exception', data }))
}

/** Closes a socket, with what is left to be sent. */
export function closeSocket(client: unknown, status: HttpRefusal['status']): void {
  if (isNative(client)) client.close(closeCodes[status])
  else (client as SocketIoSocket).disconnect(true)
}

const open = 1

/** @see [RFC 6455 section 7.4.1](https://www.rfc-editor.org/rfc/rfc6455.html#section-7.4.1), and the registry of IANA for 1013 */
const closeCodes: Readonly<Record<HttpRefusal['status'], number>> = {
  400: 1008,
  401: 1008,
  403: 1008,
  500: 1011,
  503: 1013,
}

/** Both have `emit`: that of `ws` tells only those who listen here. */
function isNative(client: unknown): client is NativeSocket {
  return has(client, 'readyState') && has(client, 'send')
}
