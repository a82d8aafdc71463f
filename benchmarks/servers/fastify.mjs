import fastify from 'fastify'
import { createMinimalGate } from './minimal-gate.mjs'

/** Prepares the application and gives the options of its route, by the name of the protection. */
const protections = {
  bare: () => ({}),
  'minimal-gate': protectWithGate,
  'opaque-cached': protectWithOurs,
  'jwt-cached': protectWithOurs,
  'cache-off': protectWithOurs,
  '@fastify/jwt': (app, _protection, zitadel) => protectWithFastifyJwt(app, zitadel, {}),
  '@fastify/jwt-cached': (app, _protection, zitadel) => protectWithFastifyJwt(app, zitadel, { cache: true }),
}

export async function listen(protection, zitadel) {
  const app = fastify()
  app.get('/', await protections[protection](app, protection, zitadel), async () => ({ hello: 'world' }))
  await app.listen({ host: '127.0.0.1', port: 0 })
  return app.server.address().port
}

function protectWithGate(app) {
  const pass = createMinimalGate()
  app.decorateRequest('user', null)
  return {
    onRequest(request, reply, done) {
      request.user = pass(request.headers.authorization)
      if (request.user === undefined) reply.code(401).send()
      else done()
    },
  }
}

async function protectWithOurs(app, protection, zitadel) {
  const { zitadelAuth } = await import('@org/zitadel-auth-fastify')
  const { ours } = await import('./ours.mjs')
  await app.register(zitadelAuth, { auth: ours[protection](zitadel) })
  return { config: { authorization: true } }
}

async function protectWithFastifyJwt(app, { issuer, projectId, publicKey }, options) {
  const { default: fastifyJwt } = await import('@fastify/jwt')
  const verify = { algorithms: ['RS256'], allowedIss: issuer, allowedAud: projectId, ...options }
  await app.register(fastifyJwt, { secret: { public: publicKey }, verify })
  return { onRequest: (request) => request.jwtVerify() }
}
