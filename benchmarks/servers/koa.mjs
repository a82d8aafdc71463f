import { createPublicKey } from 'node:crypto'
import { once } from 'node:events'
import Koa from 'koa'
import { createMinimalGate } from './minimal-gate.mjs'

/** What stands before the handler, by the name of the protection. */
const protections = {
  bare: () => [],
  'minimal-gate': protectWithGate,
  'opaque-cached': protectWithOurs,
  'jwt-cached': protectWithOurs,
  'cache-off': protectWithOurs,
  async 'koa-jwt'(_protection, { issuer, projectId, publicKey }) {
    const { default: jwt } = await import('koa-jwt')
    return [jwt({ secret: createPublicKey(publicKey), algorithms: ['RS256'], issuer, audience: projectId })]
  },
}

export async function listen(protection, zitadel) {
  const app = new Koa()
  for (const middleware of await protections[protection](protection, zitadel)) app.use(middleware)
  app.use((context) => {
    context.body = { hello: 'world' }
  })
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server.address().port
}

function protectWithGate() {
  const pass = createMinimalGate()
  return [
    (context, next) => {
      context.state.user = pass(context.headers.authorization)
      if (context.state.user === undefined) context.throw(401)
      return next()
    },
  ]
}

async function protectWithOurs(protection, zitadel) {
  const { requireAuthorization } = await import('@org/zitadel-auth-koa')
  const { ours } = await import('./ours.mjs')
  return [requireAuthorization(ours[protection](zitadel))]
}
