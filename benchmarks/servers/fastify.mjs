import fastify from 'fastify'

/** Prepares the application and gives the options of its route, by the name of the variant. */
const protections = {
  bare: () => ({}),
  'opaque-cached': protectWithOurs,
  'jwt-cached': protectWithOurs,
  'cache-off': protectWithOurs,
  '@fastify/jwt': (app, _variant, zitadel) => protectWithFastifyJwt(app, zitadel, {}),
  '@fastify/jwt-cached': (app, _variant, zitadel) => protectWithFastifyJwt(app, zitadel, { cache: true }),
}

export async function listen(variant, zitadel) {
  const app = fastify()
  app.get('/', await protections[variant](app, variant, zitadel), async () => ({ hello: 'world' }))
  await app.listen({ host: '127.0.0.1', port: 0 })
  return app.server.address().port
}

async function protectWithOurs(app, variant, zitadel) {
  const { zitadelAuth } = await import('@org/zitadel-auth-fastify')
  const { ours } = await import('./ours.mjs')
  await app.register(zitadelAuth, { auth: ours[variant](zitadel) })
  return { config: { authorization: true } }
}

async function protectWithFastifyJwt(app, { issuer, projectId, publicKey }, options) {
  const { default: fastifyJwt } = await import('@fastify/jwt')
  const verify = { algorithms: ['RS256'], allowedIss: issuer, allowedAud: projectId, ...options }
  await app.register(fastifyJwt, { secret: { public: publicKey }, verify })
  return { onRequest: (request) => request.jwtVerify() }
}
