import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { authorize, createZitadelAuth } from '@org/zitadel-auth'
import { setUpGuide, startLocalZitadel } from '@org/zitadel-auth-testing'
import express from 'express'
import { expect, it, onTestFinished } from 'vitest'
import {
  type AuthorizedRequest,
  authorizationErrorHandler,
  getAuthorization,
  requireAuthorization,
  resourceMetadata,
} from '../src/index.js'

/** Two resources in one application, below a router, and one handler for the errors of both. */
async function start() {
  const zitadel = await startLocalZitadel()
  onTestFinished(zitadel.close)
  const { key, token } = setUpGuide(zitadel)
  const createAuth = (name: string) =>
    createZitadelAuth({ domain: zitadel.issuer, key, resource: `https://api.example.com/${name}` })
  const auths = [createAuth('orders'), createAuth('tasks')] as const
  const app = express()
  for (const auth of auths) app.use(resourceMetadata(auth))
  const router = express.Router()
  for (const auth of auths) {
    const path = `/${auth.resourceMetadata?.document.resource.split('/').at(-1)}`
    router.all(path, requireAuthorization(auth), (req: AuthorizedRequest, res) => {
      authorize(getAuthorization(req), { scope: 'orders:write' })
      res.send('written')
    })
  }
  app.use('/', router, authorizationErrorHandler(auths[0]))
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { token, ask: (path: string, init?: RequestInit) => fetch(url + path, init) }
}

it.each(['orders', 'tasks'])('one application of several resources serves the metadata of %s', async (name) => {
  const { ask } = await start()
  const answer = await ask(`/.well-known/oauth-protected-resource/${name}`)
  expect(await answer.json()).toMatchObject({ resource: `https://api.example.com/${name}` })
})

it.each(['orders', 'tasks'])(
  'one application of several resources names the metadata of %s, in its guard and in its handler',
  async (name) => {
    const { ask, token } = await start()
    const metadata = `resource_metadata="https://api.example.com/.well-known/oauth-protected-resource/${name}"`
    const stranger = await ask(`/${name}`)
    expect([stranger.status, stranger.headers.get('www-authenticate')]).toEqual([401, `Bearer ${metadata}`])
    const refused = await ask(`/${name}`, { headers: { authorization: `Bearer ${token}` } })
    const challenge = `Bearer error="insufficient_scope", scope="orders:write", ${metadata}`
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([403, challenge])
  },
)
