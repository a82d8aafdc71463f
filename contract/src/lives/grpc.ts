import type { Buffer } from 'node:buffer'
import {
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerReadableStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js'
import { createAuthorizationInterceptor, type MethodRequirement } from '@org/zitadel-auth-grpc'
import type { Application, RunningApplication } from './application.js'
import { badToken, type Credentials, missingRole, noToken, zitadelDown } from './credentials.js'
import { delays } from './delay.js'
import { createObservers, readId } from './grpc-observers.js'
import { callShapes, grpcProtocol } from './grpc-protocol.js'
import type { Journal } from './journal.js'

/** A way to protect a method. */
interface Way {
  readonly name: string
  readonly refuses: readonly Credentials[]
  readonly requirement: MethodRequirement
}

const ways: readonly Way[] = [
  { name: 'true', refuses: [noToken, badToken, zitadelDown], requirement: true },
  { name: 'a requirement', refuses: [noToken, badToken, missingRole, zitadelDown], requirement: { role: 'admin' } },
  {
    name: 'an optional requirement',
    refuses: [badToken, missingRole, zitadelDown],
    requirement: { optional: { role: 'admin' } },
  },
]

/** gRPC with every way to protect a method. */
export const grpcApplications: readonly Application[] = ways.map(({ name, refuses, requirement }) => ({
  name: `gRPC, ${name}`,
  protocol: grpcProtocol,
  ...{ refuses, delays },
  // What has ended gets no second end.
  mayForget: ({ goneBefore, isGoneBeforeVerdict }) => goneBefore === 'guard' || isGoneBeforeVerdict === true,
  start(auth, journal) {
    const methods = Object.fromEntries(callShapes.map(({ path }) => [path, requirement]))
    const { before, behind } = createObservers(journal)
    const server = new Server({ interceptors: [before, createAuthorizationInterceptor(auth, { methods }), behind] })
    server.addService(service, createHandlers(journal))
    return listen(server)
  },
}))

const same = (message: Buffer): Buffer => message
const service = Object.fromEntries(
  callShapes.map(({ name, path, requestStream, responseStream }) => [
    name,
    {
      ...{ path, requestStream, responseStream },
      ...{ requestSerialize: same, requestDeserialize: same, responseSerialize: same, responseDeserialize: same },
    },
  ]),
)

function createHandlers(journal: Journal): UntypedServiceImplementation {
  type Call = Pick<ServerUnaryCall<Buffer, Buffer>, 'metadata'>
  const run = ({ metadata }: Call): void => journal.find(readId(metadata)).run('the handler')
  const answer = (call: ServerWritableStream<Buffer, Buffer> | ServerDuplexStream<Buffer, Buffer>, message: Buffer) => {
    call.write(message)
    call.end()
  }
  return {
    Unary(call: ServerUnaryCall<Buffer, Buffer>, callback: sendUnaryData<Buffer>) {
      run(call)
      callback(null, call.request)
    },
    ClientStream(call: ServerReadableStream<Buffer, Buffer>, callback: sendUnaryData<Buffer>) {
      run(call)
      call.on('data', (message: Buffer) => callback(null, message))
    },
    ServerStream(call: ServerWritableStream<Buffer, Buffer>) {
      run(call)
      answer(call, call.request)
    },
    Bidirectional(call: ServerDuplexStream<Buffer, Buffer>) {
      run(call)
      call.on('data', (message: Buffer) => answer(call, message))
    },
  }
}

async function listen(server: Server): Promise<RunningApplication> {
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  )
  return {
    port,
    allowHalfOpen() {},
    // It does not tell. Its end waits for the last connection.
    async untilDeserted() {},
    close: () => new Promise((resolve, reject) => server.tryShutdown((error) => (error ? reject(error) : resolve()))),
  }
}
