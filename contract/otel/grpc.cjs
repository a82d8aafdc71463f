const { printSpans } = require('./spans.cjs')
const { observe } = require('@org/zitadel-auth/otel')
const { createZitadelAuth } = require('@org/zitadel-auth')
const { createAuthorizationInterceptor } = require('@org/zitadel-auth-grpc')
const { setUpGuide, startLocalZitadel } = require('@org/zitadel-auth-testing')
const { context, propagation } = require('@opentelemetry/api')
const {
  credentials,
  Metadata,
  makeClientConstructor,
  Server,
  ServerCredentials,
  ServerInterceptingCall,
} = require('@grpc/grpc-js')

const identity = (bytes) => bytes
const definition = {
  me: {
    path: '/tasks.Tasks/Me',
    requestStream: false,
    responseStream: false,
    requestSerialize: identity,
    requestDeserialize: identity,
    responseSerialize: identity,
    responseDeserialize: identity,
  },
}

/** As docs/observability.md has it. */
const continueTrace = (_method, call) =>
  new ServerInterceptingCall(call, {
    start: (next) =>
      next({
        onReceiveMetadata(metadata, receive) {
          const caller = propagation.extract(context.active(), metadata.getMap())
          context.with(caller, () => receive(metadata))
        },
      }),
  })

async function main() {
  observe()
  const zitadel = await startLocalZitadel()
  const { key, token } = setUpGuide(zitadel)
  const auth = createZitadelAuth({ domain: zitadel.issuer, key })
  const server = new Server({
    interceptors: [continueTrace, createAuthorizationInterceptor(auth, { services: [[definition, true]] })],
  })
  server.addService(definition, { me: (_call, callback) => callback(null, Buffer.from('ok')) })
  const bind = (resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(port),
    )
  const port = await new Promise(bind)
  const client = new (makeClientConstructor(definition, 'Tasks'))(`127.0.0.1:${port}`, credentials.createInsecure())
  const metadata = new Metadata()
  metadata.set('authorization', `Bearer ${token}`)
  for (const _ of [1, 2]) {
    await new Promise((resolve, reject) =>
      client.me(Buffer.from(''), metadata, (error, answer) => (error ? reject(error) : resolve(answer))),
    )
  }
  client.close()
  server.forceShutdown()
  await zitadel.close()
  printSpans()
}

void main()
