import { createZitadelAuth, type ZitadelAuth } from '@org/zitadel-auth'
import { type GuideSetUp, type LocalZitadel, setUpGuide, startLocalZitadel } from '@org/zitadel-auth-testing'
import fastify, { type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { getAuthorization, zitadelAuth } from '../src/index.js'

let zitadel: LocalZitadel
let guide: GuideSetUp
let auth: ZitadelAuth
let headers: { authorization: string }

beforeAll(async () => {
  zitadel = await startLocalZitadel()
  guide = setUpGuide(zitadel)
  headers = { authorization: `Bearer ${guide.token}` }
})
beforeEach(() => {
  zitadel.resetRequests()
  auth = createZitadelAuth({ domain: zitadel.issuer, key: guide.key, cache: false })
})
afterAll(() => zitadel.close())

async function createApp(): Promise<FastifyInstance> {
  const app = fastify()
  await app.register(zitadelAuth, { auth })
  return app
}

describe('zitadelAuth', () => {
  it('reaches the application that registers it, from inside a plugin of its own too', async () => {
    const app = fastify()
    await app.register(async (scope) => {
      await scope.register(zitadelAuth, { auth })
      scope.get('/', { config: { authorization: true } }, async (request) => getAuthorization(request).userId)
    })
    app.get('/open', async () => 'open')
    expect(await app.inject({ url: '/', headers })).toMatchObject({ statusCode: 200, body: guide.user.id })
    expect(await app.inject('/')).toMatchObject({ statusCode: 401 })
    expect(await app.inject('/open')).toMatchObject({ statusCode: 200 })
  })

  it('protects a whole prefix, the unknown paths below it included', async () => {
    const app = await createApp()
    app.register(
      async (scope) => {
        scope.addHook('onRequest', app.authorization.require({ role: 'admin' }))
        scope.get('/tasks', async () => 'tasks')
        scope.setNotFoundHandler(async (_request, reply) => reply.code(404).send('nothing here'))
      },
      { prefix: '/admin' },
    )
    expect(await app.inject('/admin/tasks')).toMatchObject({ statusCode: 401 })
    expect(await app.inject({ url: '/admin/tasks', headers })).toMatchObject({ statusCode: 403 })
    expect(await app.inject('/admin/unknown')).toMatchObject({ statusCode: 401 })
    expect(await app.inject('/elsewhere')).toMatchObject({ statusCode: 404 })
  })

  it('leaves request.authorization null on routes without authorization and for anonymous requests', async () => {
    const app = await createApp()
    app.get('/open', async (request) => ({ authorization: request.authorization }))
    app.get('/optional', { config: { authorization: 'optional' } }, async (request) => ({
      authorization: request.authorization,
    }))
    expect((await app.inject({ url: '/open', headers })).json()).toEqual({ authorization: null })
    expect((await app.inject('/optional')).json()).toEqual({ authorization: null })
  })

  it('verifies a HEAD request to a GET route once', async () => {
    const app = await createApp()
    app.get('/', { config: { authorization: true } }, async () => 'ok')
    expect(await app.inject({ method: 'HEAD', url: '/', headers })).toMatchObject({ statusCode: 200 })
    expect(zitadel.requests.introspection).toBe(1)
  })

  it('runs before the hooks of the route and before a body is read', async () => {
    const app = await createApp()
    const seen: string[] = []
    const onRequest = async () => void seen.push('hook of the route')
    const preParsing = async () => void seen.push('body')
    app.post('/', { config: { authorization: true }, onRequest, preParsing }, async () => 'ok')
    expect(await app.inject({ method: 'POST', url: '/', payload: '{' })).toMatchObject({ statusCode: 401 })
    expect(seen).toEqual([])
  })

  it("leaves the route's schema and serializers alone, and keeps them off a refusal", async () => {
    const app = await createApp()
    app.setReplySerializer((payload) => `<${JSON.stringify(payload)}>`)
    app.get('/', { config: { authorization: true } }, async () => ({ a: 1 }))
    expect(await app.inject({ url: '/', headers })).toMatchObject({ body: '<{"a":1}>' })
    expect(await app.inject('/')).toMatchObject({ body: 'unauthorized: authorization header is empty\n' })
  })

  it('keeps the headers of a refusal under a custom error handler', async () => {
    const app = fastify()
    await app.register(zitadelAuth, { auth, onRefusal: 'throw' })
    app.setErrorHandler(async (_error, _request, reply) => reply.code(499).send('mine'))
    app.get('/', { config: { authorization: true } }, async () => 'ok')
    expect(await app.inject('/')).toMatchObject({
      statusCode: 499,
      body: 'mine',
      headers: { 'www-authenticate': 'Bearer' },
    })
  })

  it('passes on what is not a refusal', async () => {
    const broken = { ...auth, authenticate: () => Promise.reject(new RangeError('a bug')) }
    const app = fastify()
    await app.register(zitadelAuth, { auth: broken })
    app.get('/', { config: { authorization: true } }, async () => 'ok')
    expect(await app.inject('/')).toMatchObject({ statusCode: 500 })
  })

  it('refuses to be registered twice under one name', async () => {
    const app = await createApp()
    await expect(async () => app.register(zitadelAuth, { auth })).rejects.toThrow(/the name "authorization" is taken/)
  })

  it.each([[undefined], [false], ['admin'], [{}], [{ rolle: 'admin' }], [{ role: undefined }]])(
    'refuses to start with a route that asks for %j',
    async (authorization) => {
      const app = await createApp()
      expect(() => app.get('/', { config: { authorization } as never }, async () => 'ok')).toThrow(TypeError)
    },
  )

  it('says that a route is not protected when its handler asks for the context', async () => {
    const app = await createApp()
    app.get('/', async (request) => getAuthorization(request).userId)
    expect((await app.inject('/')).json()).toMatchObject({ message: expect.stringContaining('not protected') })
  })
})
