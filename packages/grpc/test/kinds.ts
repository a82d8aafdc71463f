import { Buffer } from 'node:buffer'
import type {
  ServerDuplexStream,
  ServerReadableStream,
  ServerUnaryCall,
  ServerWritableStream,
  sendUnaryData,
  UntypedServiceImplementation,
} from '@grpc/grpc-js'

/** The call of a handler, of any kind. */
export type AnyCall =
  | ServerUnaryCall<unknown, unknown>
  | ServerReadableStream<unknown, unknown>
  | ServerWritableStream<unknown, unknown>
  | ServerDuplexStream<unknown, unknown>

const codec = {
  requestSerialize: toBytes,
  requestDeserialize: fromBytes,
  responseSerialize: toBytes,
  responseDeserialize: fromBytes,
}

/** A service with a method of every kind, as a generator that knows its paths would write it. Its messages are JSON. */
export const kindsService = {
  unary: { path: '/test.Kinds/Unary', requestStream: false, responseStream: false, ...codec },
  clientStream: { path: '/test.Kinds/ClientStream', requestStream: true, responseStream: false, ...codec },
  serverStream: { path: '/test.Kinds/ServerStream', requestStream: false, responseStream: true, ...codec },
  bidirectional: { path: '/test.Kinds/Bidirectional', requestStream: true, responseStream: true, ...codec },
} as const

/** The name of a method of {@link kindsService}. */
export type Kind = keyof typeof kindsService

/** The names of all methods. */
export const kinds = Object.keys(kindsService) as readonly Kind[]

/** The names of those that stream in a direction. */
export const streamingKinds = kinds.filter((kind) => kind !== 'unary')

/** Makes handlers that answer, once the client has said everything, with what `handle` gives. */
export function createImplementation(handle: (call: AnyCall) => unknown): UntypedServiceImplementation {
  return {
    unary: (call: ServerUnaryCall<unknown, unknown>, callback: sendUnaryData<unknown>) => callback(null, handle(call)),
    clientStream: (call: ServerReadableStream<unknown, unknown>, callback: sendUnaryData<unknown>) => {
      const answer = handle(call)
      call.on('end', () => callback(null, answer)).resume()
    },
    serverStream: (call: ServerWritableStream<unknown, unknown>) => {
      call.write(handle(call))
      call.end()
    },
    bidirectional: (call: ServerDuplexStream<unknown, unknown>) => {
      const answer = handle(call)
      call
        .on('end', () => {
          call.write(answer)
          call.end()
        })
        .resume()
    },
  }
}

function toBytes(message: unknown): Buffer {
  return Buffer.from(JSON.stringify(message))
}

function fromBytes(bytes: Buffer): unknown {
  return JSON.parse(bytes.toString())
}
