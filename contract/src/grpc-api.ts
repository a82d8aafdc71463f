import { Buffer } from 'node:buffer'
import { type ClientHttp2Session, connect, type IncomingHttpHeaders } from 'node:http2'
import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from '@grpc/grpc-js'
import type { AuthorizationContext, Requirement, ZitadelAuth } from '@org/zitadel-auth'
import { createAuthorizationInterceptor, getAuthorization } from '@org/zitadel-auth-grpc'

/** How a call ended: `code` is undefined where the server broke it off. */
export interface GrpcAnswer {
  readonly code: number | undefined
  readonly details: string
  readonly trailers: IncomingHttpHeaders
}

/** A gRPC server with one method. */
export interface GrpcApi {
  /** Sends a value as it is: a client for gRPC would refuse some. */
  ask(authorization: string): Promise<GrpcAnswer>
  close(): void
}

const path = '/contract.Api/Ask'
const bytes = { serialize: (message: Buffer) => message, deserialize: (message: Buffer) => message }
const service = {
  ask: {
    ...{ path, requestStream: false, responseStream: false },
    ...{ requestSerialize: bytes.serialize, requestDeserialize: bytes.deserialize },
    ...{ responseSerialize: bytes.serialize, responseDeserialize: bytes.deserialize },
  },
} as const

/** One message without content. */
const emptyMessage = Buffer.alloc(5)

/** Starts a server whose only method is protected by the interceptor. */
export async function startGrpcApi(
  auth: ZitadelAuth,
  {
    requirement = true,
    onHandled = () => {},
  }: { readonly requirement?: Requirement | true; readonly onHandled?: (context: AuthorizationContext) => void } = {},
): Promise<GrpcApi> {
  const server = new Server({
    interceptors: [createAuthorizationInterceptor(auth, { methods: { [path]: requirement } })],
  })
  server.addService(service, {
    ask(call: ServerUnaryCall<Buffer, Buffer>, callback: sendUnaryData<Buffer>) {
      onHandled(getAuthorization(call))
      callback(null, call.request)
    },
  })
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    )
  })
  return {
    ask: (authorization) => ask(connect(`http://127.0.0.1:${port}`), authorization),
    close: () => server.forceShutdown(),
  }
}

function ask(session: ClientHttp2Session, authorization: string): Promise<GrpcAnswer> {
  return new Promise((resolve) => {
    let headers: IncomingHttpHeaders = {}
    let trailers: IncomingHttpHeaders = {}
    const finish = (): void => {
      session.destroy()
      const all = { ...headers, ...trailers }
      const code = all['grpc-status'] === undefined ? undefined : Number(all['grpc-status'])
      resolve({ code, details: decodeURIComponent(String(all['grpc-message'] ?? '')), trailers: all })
    }
    const stream = session.request({
      ...{ ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers' },
      authorization,
    })
    stream
      .on('response', (received) => {
        headers = received
      })
      .on('trailers', (received) => {
        trailers = received
      })
      // A server that refuses a long header breaks off.
      .on('error', () => {})
      .on('close', finish)
      .resume()
      .end(emptyMessage)
    session.on('error', () => {})
  })
}
