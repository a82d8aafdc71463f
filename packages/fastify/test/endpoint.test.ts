import { createZitadelAuth, type ZitadelAuth } from '@org/zitadel-auth'
import type { Endpoint } from '@org/zitadel-auth/adapter'
import { type LocalZitadel, setUpGuide, startLocalZitadel } from '@org/zitadel-auth-testing'
import fastify from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serve } from '../src/endpoint.js'
import { requireAuthorization, resourceMetadata, zitadelAuth } from '../src/index.js'

let zitadel: LocalZitadel
let auth: ZitadelAuth
beforeAll(async () => {
  zitadel = await startLocalZitadel()
  const { key } = setUpGuide(zitadel)
  auth = createZitadelAuth({ domain: zitadel.issuer, key, resource: 'https://api.example.com/mcp' })
})
afterAll(() => zitadel.close())

const path = '/.well-known/oauth-protected-resource/mcp'

describe('resourceMetadata', () => {
  it('answers without a token in an application where every scope, every name and every unknown path is closed', async () => {
    const app = fastify()
    await app.register(zitadelAuth, { auth })
    await app.register(zitadelAuth, { auth, name: 'partner' })
    app.addHook('onRequest', requireAuthorization(auth))
    await app.register(resourceMetadata(auth))
    app.get('/*', async () => 'everything else')
    expect(await app.inject(path)).toMatchObject({ statusCode: 200 })
    expect(await app.inject({ method: 'HEAD', url: path })).toMatchObject({ statusCode: 200, body: '' })
    expect(await app.inject('/tasks')).toMatchObject({ statusCode: 401 })
  })

  it('answers in an application that adds routes for HEAD by itself, before the plugin is there', async () => {
    const app = fastify({ exposeHeadRoutes: true })
    await app.register(resourceMetadata(auth))
    await app.register(zitadelAuth, { auth })
    expect(await app.inject({ method: 'HEAD', url: path })).toMatchObject({ statusCode: 200, body: '' })
  })

  it('keeps an application from starting that has it inside a prefix, where no client would look', async () => {
    const app = fastify()
    app.register(async (scope) => void scope.register(resourceMetadata(auth)), { prefix: '/api' })
    await expect(app.ready()).rejects.toThrow(
      new TypeError('the path of the metadata starts at the host: register resourceMetadata outside of any prefix'),
    )
  })
})

const echo: Endpoint = {
  path: '/echo:a',
  async answer({ method, header, readBody }) {
    const bytes = await readBody(4)
    if (bytes === undefined) return { status: 413, headers: {}, body: 'too long' }
    return { status: 200, headers: { 'X-Sent': `${method} ${header('x-sent')}` }, body: Buffer.from(bytes).toString() }
  },
}

describe('serve', () => {
  const createApp = () => {
    const app = fastify()
    app.post('/echo:a', serve(echo), () => {})
    app.post('/anywhere', serve({ answer: echo.answer }), () => {})
    app.post('/broken', serve({ answer: () => Promise.reject(new Error('the endpoint broke')) }), () => {})
    return app
  }
  const post = (url: string, payload: string) =>
    createApp().inject({ method: 'POST', url, payload, headers: { 'content-type': 'a/b', 'x-sent': 'yes' } })

  it('gives the endpoint the bytes of a body that no parser of the application knows', async () =>
    expect(await post('/anywhere', 'abcd')).toMatchObject({
      statusCode: 200,
      body: 'abcd',
      headers: { 'x-sent': 'POST yes' },
    }))

  it('tells the endpoint of one that is too long', async () =>
    expect(await post('/anywhere', 'abcde')).toMatchObject({ statusCode: 413, body: 'too long' }))

  it('takes no other path for its own, which the pattern of its route matches', async () => {
    expect(await post('/echo:a', 'a')).toMatchObject({ statusCode: 200 })
    expect(await post('/echo:b', 'a')).toMatchObject({ statusCode: 404 })
  })

  it('hands on what the endpoint throws', async () =>
    expect(await post('/broken', 'a')).toMatchObject({ statusCode: 500 }))
})
