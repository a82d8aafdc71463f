import { createPublicKey } from 'node:crypto'
import { once } from 'node:events'
import Koa from 'koa'

/** What stands before the handler, by the name of the variant. */
const protections = {
  bare: () => [],
  'opaque-cached': protectWithOurs,
  'jwt-cached': protectWithOurs,
  'cache-off': protectWithOurs,
  async 'koa-jwt'(_variant, { issuer, projectId, publicKey }) {
    const { default: jwt } = await import('koa-jwt')
    return [jwt({ secret: createPublicKey(publicKey), algorithms: ['RS256'], issuer, audience: projectId })]
  },
}

export async function listen(variant, zitadel) {
  const app = new Koa()
  for (const protection of await protections[variant](variant, zitadel)) app.use(protection)
  app.use((context) => {
    context.body = { hello: 'world' }
  })
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server.address().port
}

async function protectWithOurs(variant, zitadel) {
  const { requireAuthorization } = await import('@org/zitadel-auth-koa')
  const { ours } = await import('./ours.mjs')
  return [requireAuthorization(ours[variant](zitadel))]
}
