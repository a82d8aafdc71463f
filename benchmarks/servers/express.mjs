import { once } from 'node:events'
import express from 'express'

/** What stands before the handler, by the name of the variant. Imported by name, so that a start pays for no other. */
const protections = {
  bare: () => [],
  'opaque-cached': protectWithOurs,
  'jwt-cached': protectWithOurs,
  'cache-off': protectWithOurs,
  async 'express-oauth2-jwt-bearer'(_variant, { issuer, projectId }) {
    const { auth } = await import('express-oauth2-jwt-bearer')
    return [auth({ issuer, jwksUri: `${issuer}/oauth/v2/keys`, audience: projectId, tokenSigningAlg: 'RS256' })]
  },
  async 'passport-zitadel'(_variant, { issuer, key }) {
    const { default: passport } = await import('passport')
    const { ZitadelIntrospectionStrategy } = await import('passport-zitadel')
    passport.use(
      new ZitadelIntrospectionStrategy({ authority: issuer, authorization: { type: 'jwt-profile', profile: key } }),
    )
    return [passport.authenticate('zitadel-introspection', { session: false })]
  },
}

export async function listen(variant, zitadel) {
  const app = express()
  app.get('/', ...(await protections[variant](variant, zitadel)), (_request, response) => {
    response.json({ hello: 'world' })
  })
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server.address().port
}

async function protectWithOurs(variant, zitadel) {
  const { requireAuthorization } = await import('@org/zitadel-auth-express')
  const { ours } = await import('./ours.mjs')
  return [requireAuthorization(ours[variant](zitadel))]
}
