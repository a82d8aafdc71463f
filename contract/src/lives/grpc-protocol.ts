import { Buffer } from 'node:buffer'
import { connect, constants, type IncomingHttpHeaders } from 'node:http2'
import { status } from '@grpc/grpc-js'
import type { Credentials } from './credentials.js'
import { callLives } from './life.js'
import type { Outcome, Protocol, RequestShape } from './protocol.js'

/** A kind of method. */
export interface CallShape extends RequestShape {
  readonly path: string
  readonly requestStream: boolean
  readonly responseStream: boolean
}

const toShape = (name: string, requestStream: boolean, responseStream: boolean): CallShape => ({
  ...{ name, path: `/contract.Lives/${name}`, hasBody: true },
  ...{ requestStream, responseStream },
})

export const callShapes: readonly CallShape[] = [
  toShape('Unary', false, false),
  toShape('ClientStream', true, false),
  toShape('ServerStream', false, true),
  toShape('Bidirectional', true, true),
]

const codes: Readonly<Record<Credentials['status'], status>> = {
  200: status.OK,
  401: status.UNAUTHENTICATED,
  403: status.PERMISSION_DENIED,
  503: status.UNAVAILABLE,
}

/** One message without content. */
const emptyMessage = Buffer.alloc(5)

/** gRPC, by a client that can do what the one of grpc-js would not. */
export const grpcProtocol: Protocol<CallShape> = {
  shapes: callShapes,
  lives: callLives,
  toStatus: (httpStatus) => codes[httpStatus],
  open({ port, shape: { path }, headers }) {
    const session = connect(`http://127.0.0.1:${port}`).on('error', () => {})
    const stream = session.request(
      { ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers', ...headers },
      { endStream: false },
    )
    const outcome = new Promise<Outcome>((resolve) => {
      const received: IncomingHttpHeaders = {}
      stream
        .on('response', (head) => Object.assign(received, head))
        .on('trailers', (trailers) => Object.assign(received, trailers))
        .on('end', () => stream.end())
        .on('error', () => {})
        .on('close', () => {
          session.destroy()
          const code = received['grpc-status']
          resolve({ status: code === undefined ? undefined : Number(code), isWhole: code !== undefined })
        })
        .resume()
    })
    return {
      send: () => void stream.write(emptyMessage),
      end: () => void stream.end(),
      reset: () => void stream.close(constants.NGHTTP2_CANCEL),
      hangUp: () => void session.destroy(),
      outcome,
    }
  },
}
