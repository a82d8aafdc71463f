import { once } from 'node:events'
import express from 'express'
import { createMinimalGate } from './minimal-gate.mjs'

/** What stands before the handler, by the name of the protection. Imported by name, so that a start pays for no other. */
const protections = {
  bare: () => [],
  'minimal-gate': protectWithGate,
  'opaque-cached': protectWithOurs,
  'jwt-cached': protectWithOurs,
  'cache-off': protectWithOurs,
  async 'express-oauth2-jwt-bearer'(_protection, { issuer, projectId }) {
    const { auth } = await import('express-oauth2-jwt-bearer')
    return [auth({ issuer, jwksUri: `${issuer}/oauth/v2/keys`, audience: projectId, tokenSigningAlg: 'RS256' })]
  },
  async 'passport-zitadel'(_protection, { issuer, key }) {
    const { default: passport } = await import('passport')
    const { ZitadelIntrospectionStrategy } = await import('passport-zitadel')
    passport.use(
      new ZitadelIntrospectionStrategy({ authority: issuer, authorization: { type: 'jwt-profile', profile: key } }),
    )
    return [passport.authenticate('zitadel-introspection', { session: false })]
  },
}

export async function listen(protection, zitadel) {
  const app = express()
  app.get('/', ...(await protections[protection](protection, zitadel)), (_request, response) => {
    response.json({ hello: 'world' })
  })
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server.address().port
}

function protectWithGate() {
  const pass = createMinimalGate()
  return [
    (request, response, next) => {
      request.user = pass(request.headers.authorization)
      if (request.user === undefined) response.sendStatus(401)
      else next()
    },
  ]
}

async function protectWithOurs(protection, zitadel) {
  const { requireAuthorization } = await import('@org/zitadel-auth-express')
  const { ours } = await import('./ours.mjs')
  return [requireAuthorization(ours[protection](zitadel))]
}
