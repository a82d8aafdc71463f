import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import Router from '@koa/router'
import { createZitadelAuth, type ZitadelAuth } from '@org/zitadel-auth'
import { type GuideSetUp, type LocalZitadel, setUpGuide, startLocalZitadel } from '@org/zitadel-auth-testing'
import Koa, { type Middleware } from 'koa'
import compose from 'koa-compose'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  authorizationErrorHandler,
  authorize,
  getAuthorization,
  getOptionalAuthorization,
  optionalAuthorization,
  type RequirementRequest,
  requireAuthorization,
} from '../src/index.js'

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

async function ask(app: Koa, token?: string, path = '/') {
  app.silent = true
  const server = createServer(app.callback())
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const { port } = server.address() as AddressInfo
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers })
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
    expect(answer).toMatchObject({ status: 403, body: 'permission denied: missing required role: `admin`' })
    expect(answer.headers.get('www-authenticate')).toBe('Bearer error="insufficient_scope"')
  })

  it('does not take what others have put into the state for its own', async () => {
    const app = new Koa().use(optionalAuthorization(auth)).use((ctx) => {
      Object.assign(ctx.state, { authorization: { userId: 'root', isGrantedRole: () => true } })
      ctx.body = String(getOptionalAuthorization(ctx)?.userId)
    })
    expect(await ask(app)).toMatchObject({ status: 200, body: 'undefined' })
    expect(await ask(app, guide.token)).toMatchObject({ body: guide.user.id })
  })

  it('takes a requirement that is a function of the context, with the parameters of the path', async () => {
    const router = new Router()
    const inOrganization = ({ params }: RequirementRequest) => ({ organizationId: params.id })
    router.get('/:id', requireAuthorization(auth, inOrganization), (ctx) => {
      ctx.body = getAuthorization(ctx).userId
    })
    const app = new Koa()
    app.use(router.routes())
    const { organizationId, id } = guide.user
    expect(await ask(app, guide.token, `/${organizationId}`)).toMatchObject({ status: 200, body: id })
    expect(await ask(app, guide.token, '/other')).toMatchObject({ status: 403 })
  })
})

describe('authorizationErrorHandler', () => {
  for (const nothing of [undefined, null, {}, true, { refusal: 'no' }]) {
    it(`is nothing without an auth, as ${JSON.stringify(nothing)} is none`, () => {
      expect(() => authorizationErrorHandler(nothing as never)).toThrow(
        new TypeError('the first argument is not a ZitadelAuth: give what createZitadelAuth returns'),
      )
    })
  }
})
