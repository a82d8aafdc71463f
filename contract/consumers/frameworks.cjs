// Every framework with the same two protected routes, written as its users write them. Plain CommonJS with everything
// handed in, so that any module system, test runner or runtime can run it.
const { createServer } = require('node:http')

/** What every route and method answers. */
const describe = (context) => ({ userId: context?.userId ?? null, roles: Object.keys(context?.roles ?? {}) })

async function listen(server) {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve)
        server.closeAllConnections?.()
      }),
  }
}

/** No framework: core alone under `node:http`. */
exports.startPlain = ({ core }, auth) =>
  listen(
    createServer(async (request, response) => {
      try {
        const header = core.readAuthorizationHeader(request)
        const context = await routes[request.url](auth, header)
        response.setHeader('Content-Type', 'application/json').end(JSON.stringify(describe(context)))
      } catch (error) {
        const { status, headers, body } = auth.refusal(error)
        response.writeHead(status, headers).end(body)
      }
    }),
  )

const routes = {
  '/token': (auth, header) => auth.authenticate(header),
  '/admin': (auth, header) => auth.authenticate(header, { role: 'admin' }),
  '/optional': (auth, header) => auth.authenticateOptional(header),
}

exports.startExpress = ({ adapter, express }, auth) => {
  const app = express()
  app.get('/token', adapter.requireAuthorization(auth), (request, response) => {
    response.json(describe(adapter.getAuthorization(request)))
  })
  app.get('/admin', adapter.requireAuthorization(auth, { role: 'admin' }), (request, response) => {
    response.json(describe(adapter.getAuthorization(request)))
  })
  app.get('/optional', adapter.optionalAuthorization(auth), (request, response) => {
    response.json(describe(adapter.getOptionalAuthorization(request)))
  })
  return listen(createServer(app))
}

exports.startFastify = async ({ adapter, fastify }, auth) => {
  const app = fastify({ forceCloseConnections: true })
  await app.register(adapter.zitadelAuth, { auth })
  app.get('/token', { config: { authorization: true } }, async (request) => describe(adapter.getAuthorization(request)))
  app.get('/admin', { config: { authorization: { role: 'admin' } } }, async (request) =>
    describe(adapter.getAuthorization(request)),
  )
  app.get('/optional', { config: { authorization: 'optional' } }, async (request) => describe(request.authorization))
  return { url: await app.listen({ port: 0, host: '127.0.0.1' }), close: () => app.close() }
}

exports.startKoa = ({ adapter, Koa }, auth) => {
  const app = new Koa()
  const route = (path, middleware, read) =>
    app.use((ctx, next) => {
      if (ctx.path !== path) return next()
      return middleware(ctx, async () => {
        ctx.body = describe(read(ctx))
      })
    })
  route('/token', adapter.requireAuthorization(auth), adapter.getAuthorization)
  route('/admin', adapter.requireAuthorization(auth, { role: 'admin' }), adapter.getAuthorization)
  route('/optional', adapter.optionalAuthorization(auth), adapter.getOptionalAuthorization)
  return listen(createServer(app.callback()))
}

exports.startHono = ({ adapter, Hono, bridge }, auth) => {
  const app = new Hono()
  app.get('/token', adapter.requireAuthorization(auth), (c) => c.json(describe(adapter.getAuthorization(c))))
  app.get('/admin', adapter.requireAuthorization(auth, { role: 'admin' }), (c) =>
    c.json(describe(adapter.getAuthorization(c))),
  )
  app.get('/optional', adapter.optionalAuthorization(auth), (c) =>
    c.json(describe(adapter.getOptionalAuthorization(c))),
  )
  return listen(bridge.createAdaptorServer({ fetch: app.fetch }))
}

/** No framework: functions from Request to Response. */
exports.startFetch = ({ adapter, bridge }, auth) => {
  const optional = adapter.optionalAuthorization(auth)
  const handlers = {
    '/token': adapter.protect(auth, true, (_request, context) => Response.json(describe(context))),
    '/admin': adapter.protect(auth, { role: 'admin' }, (request) =>
      Response.json(describe(adapter.getAuthorization(request))),
    ),
    '/optional': async (request) => {
      const context = await optional(request)
      return context instanceof Response ? context : Response.json(describe(context))
    },
  }
  return listen(bridge.createAdaptorServer({ fetch: (request) => handlers[new URL(request.url).pathname](request) }))
}

exports.startNest = async ({ adapter, common, core }, auth) => {
  class Routes {
    token(context) {
      return describe(context)
    }
    admin(context) {
      return describe(context)
    }
    optional(context) {
      return describe(context)
    }
  }
  const decorators = {
    token: adapter.Authorize(),
    admin: adapter.Authorize({ role: 'admin' }),
    optional: adapter.OptionalAuthorization(),
  }
  for (const [name, decorate] of Object.entries(decorators)) {
    const descriptor = Object.getOwnPropertyDescriptor(Routes.prototype, name)
    for (const one of [common.Get(name), decorate]) one(Routes.prototype, name, descriptor)
    adapter.Authorization()(Routes.prototype, name, 0)
  }
  common.Controller()(Routes)
  const root = {
    module: class Root {},
    imports: [adapter.ZitadelAuthModule.forRoot({ auth })],
    controllers: [Routes],
  }
  const app = await core.NestFactory.create(root, { logger: false, abortOnError: false, forceCloseConnections: true })
  await app.listen(0, '127.0.0.1')
  return { url: `http://127.0.0.1:${app.getHttpServer().address().port}`, close: () => app.close() }
}

const json = {
  requestStream: false,
  responseStream: false,
  requestSerialize: (value) => Buffer.from(JSON.stringify(value)),
  requestDeserialize: (bytes) => JSON.parse(bytes.toString()),
  responseSerialize: (value) => Buffer.from(JSON.stringify(value)),
  responseDeserialize: (bytes) => JSON.parse(bytes.toString()),
}

exports.grpcService = {
  Token: { path: '/consumer.Api/Token', ...json },
  Admin: { path: '/consumer.Api/Admin', ...json },
  Optional: { path: '/consumer.Api/Optional', ...json },
}

exports.startGrpc = async ({ adapter, grpc }, auth) => {
  const interceptor = adapter.createAuthorizationInterceptor(auth, {
    services: [[exports.grpcService, { Token: true, Admin: { role: 'admin' }, Optional: { optional: true } }]],
  })
  const server = new grpc.Server({ interceptors: [interceptor] })
  const answer = (call, callback) => callback(null, describe(adapter.getOptionalAuthorization(call)))
  server.addService(exports.grpcService, { Token: answer, Admin: answer, Optional: answer })
  const port = await new Promise((resolve, reject) => {
    const credentials = grpc.ServerCredentials.createInsecure()
    server.bindAsync('127.0.0.1:0', credentials, (error, bound) => (error ? reject(error) : resolve(bound)))
  })
  return { address: `127.0.0.1:${port}`, close: async () => server.forceShutdown() }
}
