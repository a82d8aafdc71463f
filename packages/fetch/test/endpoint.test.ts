import type { Endpoint } from '@org/zitadel-auth/adapter'
import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { serve } from '../src/endpoint.js'
import { serve as serveByHono } from '../src/hono/endpoint.js'

const echo: Endpoint = {
  path: '/echo',
  async answer({ method, header, readBody }) {
    const bytes = await readBody(4)
    if (bytes === undefined) return { status: 413, headers: {}, body: 'too long' }
    const sent = `${method} ${header('x-sent')} ${header('x-not-sent')}`
    return { status: 201, headers: { 'X-Sent': sent }, body: Buffer.from(bytes).toString() }
  },
}

type Handle = (request: Request) => Response | Promise<Response>

const servers: Readonly<Record<string, (endpoint: Endpoint) => Handle>> = {
  'the Fetch API': (endpoint) => {
    const handle = serve(endpoint)
    return async (request) => (await handle(request)) ?? new Response('application')
  },
  Hono: (endpoint) => {
    const app = new Hono().use(serveByHono(endpoint)).onError((error, c) => c.text(error.message, 500))
    return app.all('*', (c) => c.text('application')).fetch
  },
}

describe.each(Object.entries(servers))('serve, for %s', (_name, createHandle) => {
  async function post(endpoint: Endpoint, path: string, body: string | undefined) {
    const request = new Request(`https://api.example${path}`, {
      method: 'POST',
      body: body ?? null,
      headers: { 'x-sent': 'yes' },
    })
    const answer = await createHandle(endpoint)(request)
    return { status: answer.status, sent: answer.headers.get('x-sent'), body: await answer.text() }
  }

  it('gives the endpoint the bytes of a body', async () =>
    expect(await post(echo, '/echo', 'abcd')).toEqual({ status: 201, sent: 'POST yes undefined', body: 'abcd' }))

  it('gives the endpoint no bytes where there is no body', async () =>
    expect(await post(echo, '/echo', undefined)).toMatchObject({ status: 201, body: '' }))

  it('tells the endpoint of one that is too long', async () =>
    expect(await post(echo, '/echo', 'a'.repeat(200_000))).toMatchObject({ status: 413, body: 'too long' }))

  it('leaves every other path to the application', async () =>
    expect(await post(echo, '/other', 'a')).toMatchObject({ status: 200, body: 'application' }))
})

it('hands on what the endpoint throws', async () => {
  const broken: Endpoint = { answer: () => Promise.reject(new Error('the endpoint broke')) }
  await expect(serve(broken)(new Request('https://api.example/'))).rejects.toThrow('the endpoint broke')
  const app = new Hono().use(serveByHono(broken)).onError((error, c) => c.text(error.message, 500))
  expect((await app.request('/')).status).toBe(500)
})
