import type { ZitadelAuth } from '@org/zitadel-auth'
import { Hono } from 'hono'
import { except, some } from 'hono/combine'
import { compress } from 'hono/compress'
import { cors } from 'hono/cors'
import { etag } from 'hono/etag'
import { mount } from 'hono/mount'
import { secureHeaders } from 'hono/secure-headers'
import { streamText } from 'hono/streaming'
import { timeout } from 'hono/timeout'
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  type AuthorizedEnv,
  authorize,
  getAuthorization,
  getOptionalAuthorization,
  optionalAuthorization,
  refuse,
  requireAuthorization,
} from '../src/hono.js'
import * as gates from '../src/index.js'
import { ask, read, setUp } from './set-up.js'

afterEach(() => {
  vi.restoreAllMocks()
})

/** An application with a handler that must not run for strangers. */
function createApp(auth: ZitadelAuth, handler = vi.fn()) {
  const app = new Hono<AuthorizedEnv>()
  app.use(requireAuthorization(auth))
  app.get('/tasks', (c) => {
    handler()
    return c.json(getAuthorization(c).userId)
  })
  return { app, handler }
}

describe('requireAuthorization', () => {
  it('refuses, and lets pass who may, with the context in the variables too', async () => {
    const { auth, token, user } = await setUp()
    const app = new Hono().get('/tasks', requireAuthorization(auth), (c) =>
      c.json([getAuthorization(c).userId, c.var.authorization.userId, c.get('authorization').userId]),
    )
    expect(await read(await app.fetch(ask()))).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': 'Bearer', 'content-length': '44', 'cache-control': 'no-store' },
      body: 'unauthorized: authorization header is empty\n',
    })
    expect(await read(await app.fetch(ask(token)))).toMatchObject({
      status: 200,
      body: JSON.stringify([user.id, user.id, user.id]),
    })
  })

  it('keeps the headers of the middleware before it, those of CORS among them', async () => {
    const { auth } = await setUp()
    const app = new Hono()
    app.use(
      cors({ origin: 'https://app.example', credentials: true }),
      secureHeaders(),
      compress(),
      etag(),
      timeout(9_000),
    )
    app.use((c, next) => {
      c.header('X-Request-Id', '7')
      return next()
    })
    app.use(requireAuthorization(auth)).get('/tasks', (c) => c.text('a secret'))
    const headers = { origin: 'https://app.example', 'accept-encoding': 'gzip' }
    expect(await read(await app.fetch(ask(undefined, { headers })))).toMatchObject({
      status: 401,
      headers: {
        'access-control-allow-origin': 'https://app.example',
        'access-control-allow-credentials': 'true',
        'www-authenticate': 'Bearer',
        'x-frame-options': 'SAMEORIGIN',
        'x-request-id': '7',
        vary: 'Origin',
      },
      body: 'unauthorized: authorization header is empty\n',
    })
  })

  it('refuses behind a middleware that has answered already, and says so by its own headers', async () => {
    const { auth } = await setUp()
    const app = new Hono()
    app.use((c, next) => {
      c.res = new Response('an early answer', { headers: { 'cache-control': 'public', 'x-early': 'yes' } })
      return next()
    })
    const { app: inner, handler } = createApp(auth)
    app.route('/', inner)
    expect(await read(await app.fetch(ask()))).toMatchObject({
      status: 401,
      headers: { 'cache-control': 'no-store', 'x-early': 'yes' },
      body: 'unauthorized: authorization header is empty\n',
    })
    expect(handler).not.toHaveBeenCalled()
  })

  it('gives HEAD the same answer without a body', async () => {
    const { auth } = await setUp()
    const { app } = createApp(auth)
    const [get, head] = [await app.fetch(ask()), await app.fetch(ask(undefined, { method: 'HEAD' }))]
    expect(await read(head)).toEqual({ ...(await read(get)), body: '' })
  })

  it('looks at the request as it is by then, when another middleware has replaced it', async () => {
    const { auth, token, user } = await setUp()
    const app = new Hono()
    app.use((c, next) => {
      c.req.raw = ask(token)
      return next()
    })
    app.route('/', createApp(auth).app)
    expect(await read(await app.fetch(ask()))).toMatchObject({ status: 200, body: JSON.stringify(user.id) })
  })

  it('stands before a handler that streams', async () => {
    const { auth, token } = await setUp()
    const app = new Hono().get('/tasks', requireAuthorization(auth), (c) =>
      streamText(c, async (stream) => void (await stream.write(getAuthorization(c).userId))),
    )
    expect((await app.fetch(ask())).status).toBe(401)
    expect((await read(await app.fetch(ask(token)))).body).toMatch(/^\d+$/)
  })

  it('protects a sub-application, with an error handler of its own or without', async () => {
    const { auth, token } = await setUp()
    const [plain, own] = [createApp(auth), createApp(auth)]
    own.app.onError((_error, c) => c.text('its own', 500))
    const app = new Hono().route('/plain', plain.app).route('/own', own.app)
    const send = (path: string, headers = {}) => app.request(`${path}/tasks`, { headers })
    const bearer = { authorization: `Bearer ${token}` }
    const answers = [send('/plain'), send('/own'), send('/plain', bearer), send('/own', bearer)]
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([401, 401, 200, 200])
    expect([plain.handler.mock.calls.length, own.handler.mock.calls.length]).toEqual([1, 1])
  })

  it('protects what is mounted behind it, which has to look for itself who it is', async () => {
    const { auth, token, user } = await setUp()
    const seen: unknown[] = []
    const app = new Hono().use(requireAuthorization(auth))
    app.use(
      '/legacy/*',
      mount(
        (request: Request) => {
          seen.push(gates.getAuthorization(request).userId)
          return new Response('OK')
        },
        { replaceRequest: false },
      ),
    )
    const status = async (init?: RequestInit) => (await app.request('/legacy/x', init)).status
    expect([await status(), await status({ headers: { authorization: `Bearer ${token}` } })]).toEqual([401, 200])
    expect(seen).toEqual([user.id])
  })

  it('stands in except(…)', async () => {
    const { auth } = await setUp()
    const app = new Hono().use(except('/public', requireAuthorization(auth))).get('*', (c) => c.text('OK'))
    expect([(await app.request('/public')).status, (await app.request('/tasks')).status]).toEqual([200, 401])
  })

  it('is one of several ways in some(…), where it throws', async () => {
    const { auth, token } = await setUp()
    const other = await setUp()
    const way = (one: ZitadelAuth) => requireAuthorization(one, true, { onRefusal: 'throw' })
    const app = new Hono().use(some(way(auth), way(other.auth))).get('*', (c) => c.text('OK'))
    const status = async (bearer?: string) => (await app.fetch(ask(bearer))).status
    expect([await status(), await status(token), await status(other.token)]).toEqual([401, 200, 200])
  })

  it('keeps its question alive where the runtime says how', async () => {
    const { auth, token } = await setUp()
    const ctx = { waitUntil: vi.fn(), passThroughOnException: () => {}, props: {} }
    await createApp(auth).app.fetch(ask(token), {}, ctx)
    expect(ctx.waitUntil.mock.calls).toEqual([[expect.any(Promise)]])
  })

  it('takes a requirement that is a function of the context, with the parameters of the path', async () => {
    const { auth, token, user } = await setUp()
    const app = new Hono()
    app.get(
      '/orgs/:id',
      requireAuthorization(auth, (c) => ({ organizationId: c.req.param('id') })),
      (c) => c.text('OK'),
    )
    const status = async (path: string) =>
      (await app.request(path, { headers: { authorization: `Bearer ${token}` } })).status
    expect([await status(`/orgs/${user.organizationId}`), await status('/orgs/other')]).toEqual([200, 403])
  })

  it('lets nobody pass by a requirement of a parameter that the path does not have', async () => {
    const { auth, token } = await setUp()
    vi.spyOn(console, 'error').mockImplementation(() => {})
    const app = new Hono()
    app.get(
      '/tasks',
      requireAuthorization(auth, (c) => ({ organizationId: c.req.param('id') })),
      (c) => c.text('OK'),
    )
    expect((await app.fetch(ask(token))).status).toBe(500)
  })
})

describe('optionalAuthorization', () => {
  it('lets anonymous requests pass, and no bad token', async () => {
    const { auth, token, user } = await setUp()
    const app = new Hono().get('/tasks', optionalAuthorization(auth), (c) => {
      c.set('authorization', { userId: 'root' } as never)
      return c.text(String(getOptionalAuthorization(c)?.userId))
    })
    expect(await read(await app.fetch(ask()))).toMatchObject({ status: 200, body: 'undefined' })
    expect(await read(await app.fetch(ask(token)))).toMatchObject({ status: 200, body: user.id })
    expect(await read(await app.fetch(ask('nobody-issued-this')))).toMatchObject({ status: 401 })
  })
})

describe('a refusal that is thrown', () => {
  async function createThrowing() {
    const set = await setUp()
    const app = new Hono()
    app.use(cors())
    app.get('/tasks', requireAuthorization(set.auth, true, { onRefusal: 'throw' }), (c) => {
      authorize(c, { role: 'admin' })
      return c.text('OK')
    })
    return { ...set, app }
  }

  it("is answered by Hono's own error handler as the middleware would, and logged by nobody", async () => {
    const { app, token } = await createThrowing()
    const logged = vi.spyOn(console, 'error')
    expect(await read(await app.fetch(ask()))).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': 'Bearer', 'access-control-allow-origin': '*', 'cache-control': 'no-store' },
    })
    expect(await read(await app.fetch(ask(token)))).toMatchObject({
      status: 403,
      headers: { 'www-authenticate': 'Bearer error="insufficient_scope"', 'access-control-allow-origin': '*' },
      body: 'permission denied: missing required role: `admin`\n',
    })
    expect(logged).not.toHaveBeenCalled()
  })

  it('is answered by refuse in an error handler of the application, which gets every other error', async () => {
    const { app, auth, token } = await createThrowing()
    app.get('/crash', () => {
      throw new Error('crash')
    })
    app.onError((error, c) => refuse(auth, error, c) ?? c.text('its own', 500))
    expect(await read(await app.fetch(ask(token)))).toMatchObject({
      status: 403,
      headers: { 'access-control-allow-origin': '*', 'cache-control': 'no-store' },
    })
    expect(await read(await app.request('/crash'))).toMatchObject({ status: 500, body: 'its own' })
  })
})

describe('a refusal, whoever answers it', () => {
  type Ways = Readonly<Record<string, (auth: ZitadelAuth, app: Hono) => void>>
  const admin = { role: 'admin' } as const
  const ways: Ways = {
    'the middleware': (auth, app) => app.get('/tasks', requireAuthorization(auth, admin), (c) => c.text('OK')),
    "Hono's own error handler": (auth, app) =>
      app.get('/tasks', requireAuthorization(auth, admin, { onRefusal: 'throw' }), (c) => c.text('OK')),
    'an error handler of the application': (auth, app) => {
      app.get('/tasks', requireAuthorization(auth, admin, { onRefusal: 'throw' }), (c) => c.text('OK'))
      app.onError((error, c) => refuse(auth, error, c) ?? c.text('its own', 500))
    },
    "Hono's own error handler, after a handler that set headers": (auth, app) =>
      app.get('/tasks', requireAuthorization(auth), (c) => {
        c.header('Cache-Control', 'public, max-age=60')
        authorize(c, admin)
        return c.text('OK')
      }),
  }

  it.each(Object.entries(ways))('wins by %s over what was set before', async (_, protect) => {
    const { auth, token } = await setUp()
    const app = new Hono()
    app.use(cors(), async (c, next) => {
      c.res = new Response('stale', {
        headers: { 'Content-Length': '5', 'Content-Encoding': 'gzip', ETag: '"v1"', 'Last-Modified': 'yesterday' },
      })
      c.header('Cache-Control', 'public, max-age=60')
      c.header('WWW-Authenticate', 'Basic')
      c.header('Access-Control-Allow-Origin', '*')
      await next()
    })
    protect(auth, app)
    const { status, headers, body } = await read(await app.fetch(ask(token)))
    expect({ status, body }).toEqual({ status: 403, body: 'permission denied: missing required role: `admin`\n' })
    expect(headers).toEqual({
      'access-control-allow-origin': '*',
      'cache-control': 'no-store',
      'content-length': String(body.length),
      'content-type': 'text/plain; charset=utf-8',
      'www-authenticate': 'Bearer error="insufficient_scope"',
      'x-content-type-options': 'nosniff',
    })
  })
})

describe('getAuthorization', () => {
  it('throws on a route that is not protected, and is not fooled by a variable', async () => {
    const app = new Hono<{ Variables: { authorization: never } }>()
    const caught: unknown[] = []
    app.onError((error, c) => {
      caught.push(error)
      return c.text('', 500)
    })
    app.get('/tasks', (c) => {
      c.set('authorization', { userId: 'root' } as never)
      return c.json(getAuthorization(c))
    })
    await app.fetch(ask())
    expect(caught).toEqual([
      new TypeError(
        'getAuthorization(c) on a route that is not protected: put requireAuthorization(auth) before its handler',
      ),
    ])
  })
})
