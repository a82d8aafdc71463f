import { once } from 'node:events'
import { request } from 'node:http'
import { createZitadelAuth, type Requirement, type ZitadelAuth } from '@org/zitadel-auth'
import { type GuideSetUp, type LocalZitadel, setUpGuide, startLocalZitadel } from '@org/zitadel-auth-testing'
import fastify, {
  type FastifyInstance,
  type FastifyRequest,
  type onRequestHookHandler,
  type RouteOptions,
} from 'fastify'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  authorizationErrorHandler,
  getAuthorization,
  getOptionalAuthorization,
  requireAuthorization,
  zitadelAuth,
} from '../src/index.js'

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
        scope.addHook('onRequest', requireAuthorization(auth, { role: 'admin' }))
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
    const answer = async (request: object) => ({
      authorization: 'authorization' in request && request.authorization,
      context: getOptionalAuthorization(request) ?? 'none',
    })
    app.get('/open', { config: { authorization: 'public' } }, answer)
    app.get('/optional', { config: { authorization: 'optional' } }, answer)
    expect((await app.inject({ url: '/open', headers })).json()).toEqual({ authorization: null, context: 'none' })
    expect((await app.inject('/optional')).json()).toEqual({ authorization: null, context: 'none' })
  })

  it('closes every route that does not say otherwise, also one that misspells what it says', async () => {
    const app = await createApp()
    app.get('/', async () => 'ok')
    app.get('/misspelt', { config: { authorisation: 'public' } as object }, async () => 'ok')
    app.register(async (scope) => void scope.get('/inside', async () => 'ok'))
    for (const url of ['/', '/misspelt', '/inside']) {
      expect(await app.inject(url)).toMatchObject({ statusCode: 401 })
      expect(await app.inject({ url, headers })).toMatchObject({ statusCode: 200 })
    }
  })

  it('closes a route that was there before it', async () => {
    const app = fastify()
    app.get('/', async () => 'ok')
    await app.register(zitadelAuth, { auth })
    expect(await app.inject('/')).toMatchObject({ statusCode: 401 })
  })

  it('leaves unknown paths to the application', async () => {
    const app = await createApp()
    app.get('/known', async () => 'ok')
    expect(await app.inject('/unknown')).toMatchObject({ statusCode: 404 })
    expect(await app.inject({ url: '/known', method: 'DELETE' })).toMatchObject({ statusCode: 404 })
  })

  it('opens undeclared routes where it is told to', async () => {
    const app = fastify()
    await app.register(zitadelAuth, { auth, undeclared: 'public' })
    app.get('/', async () => 'ok')
    app.get('/closed', { config: { authorization: true } }, async () => 'ok')
    expect(await app.inject('/')).toMatchObject({ statusCode: 200 })
    expect(await app.inject('/closed')).toMatchObject({ statusCode: 401 })
  })

  it('takes a requirement that is a function of the request, also where credentials are optional', async () => {
    const app = await createApp()
    const inOrganization = (request: { params: unknown }) => ({
      organizationId: (request.params as { id: string }).id,
    })
    app.get('/orgs/:id', { config: { authorization: inOrganization } }, async () => 'ok')
    app.get('/optional/:id', { config: { authorization: { optional: inOrganization } } }, async () => 'ok')
    const { organizationId } = guide.user
    for (const route of ['/orgs', '/optional']) {
      expect(await app.inject({ url: `${route}/${organizationId}`, headers })).toMatchObject({ statusCode: 200 })
      expect(await app.inject({ url: `${route}/other`, headers })).toMatchObject({ statusCode: 403 })
    }
    expect(await app.inject('/optional/other')).toMatchObject({ statusCode: 200 })
  })

  it('reads the header that a hook has put in the place of the one that came', async () => {
    const app = fastify()
    app.addHook('onRequest', async (request) => {
      request.headers = { ...request.headers, authorization: String(request.headers['x-cookie']) }
    })
    await app.register(zitadelAuth, { auth })
    app.get('/', async () => 'ok')
    const cookie = { 'x-cookie': headers.authorization }
    expect(await app.inject({ url: '/', headers: cookie })).toMatchObject({ statusCode: 200 })
    const replaced = { ...headers, 'x-cookie': 'Bearer nobody-issued-this' }
    expect(await app.inject({ url: '/', headers: replaced })).toMatchObject({ statusCode: 401 })
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

  it('runs between the hooks that are added before and after it', async () => {
    const seen: string[] = []
    const app = fastify()
    app.addHook('onRequest', async () => void seen.push('before'))
    await app.register(zitadelAuth, { auth })
    app.addHook('onRequest', async () => void seen.push('after'))
    app.get('/', { config: { authorization: true } }, async () => 'ok')
    expect(await app.inject('/')).toMatchObject({ statusCode: 401 })
    expect(seen).toEqual(['before'])
    expect(await app.inject({ url: '/', headers })).toMatchObject({ statusCode: 200 })
    expect(seen).toEqual(['before', 'before', 'after'])
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

  it.each([undefined, null, false, 0, ''])('lets nobody pass when a verdict fails with %j', async (nothing) => {
    const broken = { ...auth, authenticate: () => Promise.reject(nothing) }
    for (const onRefusal of ['respond', 'throw'] as const) {
      const app = fastify()
      await app.register(zitadelAuth, { auth: broken, onRefusal })
      app.get('/', { config: { authorization: true } }, async () => 'secret')
      expect(await app.inject({ url: '/', headers })).toMatchObject({ statusCode: 500 })
    }
  })

  it('refuses to be registered twice under one name', async () => {
    const app = await createApp()
    await expect(async () => app.register(zitadelAuth, { auth })).rejects.toThrow(/the name "authorization" is taken/)
  })

  it.each([[{ nmae: 'partner' }], [{ undeclared: 'open' }], [{ name: '' }], [{ onRefusal: 'next' }], [{ auth: {} }]])(
    'refuses to be registered with %j',
    async (options) => {
      await expect(async () => fastify().register(zitadelAuth, { auth, ...options } as never)).rejects.toThrow(
        TypeError,
      )
    },
  )

  it.each([[undefined], [false], ['admin'], [{}], [{ rolle: 'admin' }], [{ role: undefined }]])(
    'refuses to start with a route that asks for %j',
    async (authorization) => {
      const app = await createApp()
      expect(() => app.get('/', { config: { authorization } as never }, async () => 'ok')).toThrow(TypeError)
    },
  )

  it('refuses to start with a config that inherits what it asks for, which Fastify would drop', async () => {
    const app = await createApp()
    const config = Object.create({ authorization: { role: 'admin' } })
    expect(() => app.get('/', { config }, async () => 'ok')).toThrow(TypeError)
  })

  it('says that a route is not protected when its handler asks for the context', async () => {
    const app = await createApp()
    app.get('/', { config: { authorization: 'public' } }, async (request) => getAuthorization(request).userId)
    expect((await app.inject('/')).json()).toMatchObject({ message: expect.stringContaining('not protected') })
  })
})

describe('a hook of the application that goes on twice', () => {
  it.each([
    ['a route with a config', () => ({ config: { authorization: true } as const })],
    ['a route with a hook', () => ({ onRequest: requireAuthorization(auth, { role: 'admin' }) })],
  ])('does not lead past the authorization of %s', async (_, protect) => {
    const handled: unknown[] = []
    const app = fastify()
    // Fastify goes on when the callback is called, and again when the promise is fulfilled.
    const goOnTwice: onRequestHookHandler = (_request, _reply, done) => Promise.resolve().then(() => done())
    app.addHook('onRequest', goOnTwice)
    await app.register(zitadelAuth, { auth })
    app.get('/', protect(), async (request) => handled.push(request.id))
    // Whichever comes first: the refusal, or the error of a request that got ahead of it.
    const answers = [await app.inject({ url: '/', headers: { authorization: 'Bearer bad' } }), await app.inject('/')]
    expect(answers.filter(({ statusCode }) => statusCode !== 401 && statusCode !== 500)).toEqual([])
    expect(handled).toEqual([])
  })
})

describe('a hook that an application calls by itself', () => {
  it('says that it takes a callback, and lets nobody pass', async () => {
    const app = await createApp()
    const hook = requireAuthorization(auth) as unknown as (...given: unknown[]) => Promise<void>
    const config = { authorization: 'public' } as const
    app.get('/', { config, onRequest: async (request, reply) => await hook(request, reply) }, async () => 'secret')
    const answer = await app.inject('/')
    expect(answer.json()).toMatchObject({ statusCode: 500, message: expect.stringContaining('callback') })
  })

  it('hands a refusal on, where another way in may follow', async () => {
    const app = fastify()
    await app.register(zitadelAuth, { auth, undeclared: 'public' })
    const hook = requireAuthorization(auth, { role: 'admin' }, { onRefusal: 'throw' })
    app.get(
      '/',
      {
        onRequest(request, reply, done) {
          hook(request, reply, (error) => done(request.headers['x-key'] === 'good' ? undefined : error))
        },
      },
      async () => 'secret',
    )
    expect(await app.inject({ url: '/', headers: { 'x-key': 'good' } })).toMatchObject({ statusCode: 200 })
    expect(await app.inject({ url: '/', headers: { 'x-key': 'bad' } })).toMatchObject({ statusCode: 401 })
  })
})

describe('a hook of the application that sets request.headers', () => {
  /** An application that answers with the header its handlers read. */
  async function createAppBehind(setHeaders: (request: FastifyRequest) => void): Promise<FastifyInstance> {
    const app = fastify()
    app.addHook('onRequest', async (request) => setHeaders(request))
    await app.register(zitadelAuth, { auth })
    app.get('/', { config: { authorization: true } }, async (request) => request.headers.authorization)
    return app
  }

  it('may bring the token of a cookie', async () => {
    const app = await createAppBehind((request) => {
      request.headers = { authorization: `Bearer ${request.headers.cookie}` }
    })
    expect(await app.inject({ url: '/', headers: { cookie: guide.token } })).toMatchObject({
      statusCode: 200,
      body: headers.authorization,
    })
    expect(await app.inject({ url: '/', headers: { cookie: 'stale' } })).toMatchObject({ statusCode: 401 })
  })

  it('may replace the header, and then nobody looks at the one that came', async () => {
    const app = await createAppBehind((request) => {
      request.headers = { authorization: 'Bearer of-somebody-else' }
    })
    expect(await app.inject({ url: '/', headers })).toMatchObject({ statusCode: 401 })
  })

  it('may remove the header', async () => {
    const app = await createAppBehind((request) => {
      request.headers = { authorization: undefined }
    })
    expect(await app.inject({ url: '/', headers })).toMatchObject({
      statusCode: 401,
      body: expect.stringContaining('is empty'),
    })
  })

  it('does not hide that the header is repeated', async () => {
    const app = await createAppBehind((request) => {
      request.headers = { 'x-trace': 'abc' }
    })
    const url = await app.listen({ port: 0, host: '127.0.0.1' })
    const sent = request(url, {
      agent: false,
      headers: { authorization: [headers.authorization, 'Bearer other'] as never },
    })
    const [answer] = await once(sent.end(), 'response')
    await app.close()
    expect(answer).toMatchObject({ statusCode: 400 })
  })
})

describe('a route that the plugin did not see when it was defined', () => {
  const admin = { config: { authorization: { role: 'admin' } } } as const
  const malformed = { config: { authorization: { rolle: 'admin' } as never } }

  it('is protected when the registration is not awaited', async () => {
    const app = fastify()
    app.register(zitadelAuth, { auth })
    app.get('/', { config: { authorization: true } }, async (request) => getAuthorization(request).userId)
    app.get('/optional', { config: { authorization: 'optional' } }, async () => 'optional')
    app.get('/admin', admin, async () => 'secret')
    app.get('/open', { config: { authorization: 'public' } }, async () => 'open')
    expect(await app.inject('/')).toMatchObject({ statusCode: 401 })
    expect(await app.inject({ url: '/', headers })).toMatchObject({ statusCode: 200, body: guide.user.id })
    expect(await app.inject('/optional')).toMatchObject({ statusCode: 200 })
    expect(await app.inject({ url: '/optional', headers: { authorization: 'Bearer bad' } })).toMatchObject({
      statusCode: 401,
    })
    expect(await app.inject('/admin')).toMatchObject({ statusCode: 401 })
    expect(await app.inject({ url: '/admin', headers })).toMatchObject({ statusCode: 403 })
    expect(await app.inject({ method: 'HEAD', url: '/admin' })).toMatchObject({ statusCode: 401 })
    expect(await app.inject('/open')).toMatchObject({ statusCode: 200, body: 'open' })
    expect(await app.inject('/unknown')).toMatchObject({ statusCode: 404 })
  })

  it('is protected in a plugin that was registered earlier', async () => {
    const app = fastify()
    await app.register(
      async (scope) => {
        scope.decorateRequest('traceId', '')
        scope.get('/', admin, async () => 'secret')
        scope.register(async (inner) => void inner.get('/inner', admin, async () => 'secret'))
      },
      { prefix: '/earlier' },
    )
    await app.register(zitadelAuth, { auth })
    expect(await app.inject('/earlier')).toMatchObject({ statusCode: 401 })
    expect(await app.inject('/earlier/')).toMatchObject({ statusCode: 401 })
    expect(await app.inject({ url: '/earlier/inner', headers })).toMatchObject({ statusCode: 403 })
  })

  it('is protected by what a later onRoute hook of the application asks for', async () => {
    const app = await createApp()
    app.addHook('onRoute', (route) => {
      route.config = { ...route.config, ...admin.config }
    })
    app.get('/', async () => 'secret')
    app.get('/raised', { config: { authorization: true } }, async () => 'secret')
    for (const url of ['/', '/raised']) {
      expect(await app.inject(url)).toMatchObject({ statusCode: 401 })
      expect(await app.inject({ url, headers })).toMatchObject({ statusCode: 403 })
    }
  })

  it('is protected by the requirement that a later onRoute hook has changed in place', async () => {
    const app = await createApp()
    const requirement: Requirement<'admin'> = { allowImpersonation: false }
    app.addHook('onRoute', () => void Object.assign(requirement, { role: 'admin' }))
    app.get('/', { config: { authorization: requirement } }, async () => 'secret')
    expect(await app.inject({ url: '/', headers })).toMatchObject({ statusCode: 403 })
  })

  it('is protected by its own requirement when it is a copy of another route', async () => {
    const app = await createApp()
    const routes: RouteOptions[] = []
    app.addHook('onRoute', (route) => void routes.push(route))
    app.get('/', { config: { authorization: true }, exposeHeadRoute: false }, async () => 'tasks')
    app.route({ ...(routes[0] as RouteOptions), url: '/admin', ...admin })
    expect(await app.inject({ url: '/', headers })).toMatchObject({ statusCode: 200 })
    expect(await app.inject('/admin')).toMatchObject({ statusCode: 401 })
    expect(await app.inject({ url: '/admin', headers })).toMatchObject({ statusCode: 403 })
  })

  it.each([undefined, null, false, 0, ''])('is not open to everybody because it declares %j', async (declared) => {
    const app = fastify()
    await app.register(zitadelAuth, { auth, undeclared: 'public' })
    const config = { authorization: declared as never }
    expect(() => app.get('/', { config }, async () => 'secret')).toThrow(TypeError)
  })

  it('answers every request with 500 when its requirement is malformed', async () => {
    const app = fastify()
    app.register(zitadelAuth, { auth })
    app.get('/', malformed, async () => 'secret')
    app.get('/silent', { config: { authorization: undefined as never } }, async () => 'secret')
    expect(await app.inject('/')).toMatchObject({ statusCode: 500 })
    expect(await app.inject({ url: '/', headers })).toMatchObject({ statusCode: 500 })
    expect(await app.inject({ url: '/silent', headers })).toMatchObject({ statusCode: 500 })
  })

  it('is protected by both issuers when it asks for both', async () => {
    const app = fastify()
    app.register(zitadelAuth, { auth })
    app.register(zitadelAuth, { auth, name: 'partner' })
    app.get('/', { config: { authorization: true, partner: { role: 'admin' } } as object }, async () => 'secret')
    expect(await app.inject('/')).toMatchObject({ statusCode: 401 })
    expect(await app.inject({ url: '/', headers })).toMatchObject({ statusCode: 403 })
  })

  it('is refused before its body is read', async () => {
    const app = fastify()
    app.register(zitadelAuth, { auth })
    app.post('/', admin, async () => 'secret')
    expect(await app.inject({ method: 'POST', url: '/', payload: '{' })).toMatchObject({ statusCode: 401 })
  })

  it('is not protected in a scope beside the one that registers the plugin, as the README says', async () => {
    const app = fastify()
    await app.register(async (scope) => void (await scope.register(zitadelAuth, { auth })))
    await app.register(async (scope) => void scope.get('/beside', admin, async () => 'open'))
    expect(await app.inject('/beside')).toMatchObject({ statusCode: 200 })
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
