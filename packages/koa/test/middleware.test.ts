import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createZitadelAuth, type ZitadelAuth } from '@org/zitadel-auth'
import { type GuideSetUp, type LocalZitadel, setUpGuide, startLocalZitadel } from '@org/zitadel-auth-testing'
import Koa, { type Middleware } from 'koa'
import compose from 'koa-compose'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { authorize, requireAuthorization } from '../src/index.js'

let zitadel: LocalZitadel
let guide: GuideSetUp
let auth: ZitadelAuth
const servers: Server[] = []

beforeAll(async () => {
  zitadel = await startLocalZitadel()
  guide = setUpGuide(zitadel)
  auth = createZitadelAuth({ domain: zitadel.issuer, key: guide.key })
})
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})
afterAll(() => zitadel.close())

async function ask(app: Koa, token?: string) {
  app.silent = true
  const server = createServer(app.callback())
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const { port } = server.address() as AddressInfo
  const response = await fetch(`http://127.0.0.1:${port}/`, { headers })
  return { status: response.status, body: await response.text(), headers: response.headers }
}

describe('requireAuthorization', () => {
  it('works inside koa-compose', async () => {
    const tasks: Middleware = (ctx) => {
      ctx.body = ctx.state['authorization'].userId
    }
    const app = new Koa().use(compose([requireAuthorization(auth) as Middleware, tasks]))
    expect(await ask(app, guide.token)).toMatchObject({ status: 200, body: guide.user.id })
    expect(await ask(app)).toMatchObject({ status: 401 })
  })

  it('keeps the headers that CORS middleware has set', async () => {
    const app = new Koa()
    app.use((ctx, next) => {
      ctx.set('Access-Control-Allow-Origin', '*')
      return next()
    })
    app.use(requireAuthorization(auth))
    expect((await ask(app)).headers.get('access-control-allow-origin')).toBe('*')
  })

  it('does not swallow an error from downstream, nor one that only looks like ours', async () => {
    const caught: unknown[] = []
    const crash = Object.assign(new Error('crash'), { code: 'ERR_TOKEN_INVALID', status: 418, expose: true })
    const app = new Koa()
    app.use((_ctx, next) => next().catch((error: unknown) => void caught.push(error)))
    app.use(requireAuthorization(auth)).use(() => {
      throw crash
    })
    await ask(app, guide.token)
    expect(caught).toEqual([crash])
  })

  it('lets whoever catches it answer a refusal that authorize() throws', async () => {
    const app = new Koa().use(requireAuthorization(auth)).use((ctx) => authorize(ctx, { role: 'admin' }))
    const answer = await ask(app, guide.token)
    expect(answer).toMatchObject({ status: 403, body: 'missing required role: `admin`' })
    expect(answer.headers.get('www-authenticate')).toBe('Bearer error="insufficient_scope"')
  })
})
