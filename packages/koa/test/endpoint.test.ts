import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Endpoint } from '@org/zitadel-auth/adapter'
import Koa from 'koa'
import { describe, expect, it, onTestFinished } from 'vitest'
import { serve } from '../src/endpoint.js'

const echo: Endpoint = {
  path: '/echo',
  async answer({ method, header, readBody }) {
    const bytes = await readBody(4)
    if (bytes === undefined) return { status: 413, headers: {}, body: 'too long' }
    const sent = `${method} ${header('x-sent')} ${header('x-not-sent')}`
    return { status: 201, headers: { 'X-Sent': sent }, body: Buffer.from(bytes).toString() }
  },
}

async function post(endpoint: Endpoint, path: string, body: string) {
  const app = new Koa()
  app.silent = true
  app.use(serve(endpoint)).use((ctx) => {
    ctx.body = 'application'
  })
  const server = createServer(app.callback())
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => void server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`
  const answer = await fetch(url, { method: 'POST', body, headers: { 'x-sent': 'yes' } })
  return { status: answer.status, sent: answer.headers.get('x-sent'), body: await answer.text() }
}

describe('serve', () => {
  it('gives the endpoint the bytes of a body', async () =>
    expect(await post(echo, '/echo', 'abcd')).toEqual({ status: 201, sent: 'POST yes undefined', body: 'abcd' }))

  it('tells the endpoint of one that is too long', async () =>
    expect(await post(echo, '/echo', 'abcde')).toMatchObject({ status: 413, body: 'too long' }))

  it('leaves every other path to the application', async () =>
    expect(await post(echo, '/other', 'a')).toMatchObject({ status: 200, body: 'application' }))

  it('hands on what the endpoint throws', async () => {
    const broken: Endpoint = { answer: () => Promise.reject(new Error('the endpoint broke')) }
    expect(await post(broken, '/', 'a')).toMatchObject({ status: 500 })
  })
})
