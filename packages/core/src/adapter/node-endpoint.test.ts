import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Endpoint } from './endpoint.js'
import { createNodeMiddleware } from './node-endpoint.js'

/** Serves an endpoint before an application that says what has come to it, and what has failed. */
async function serve(endpoint: Endpoint, before: (request: object) => void = () => {}): Promise<string> {
  const middleware = createNodeMiddleware(endpoint)
  const server = createServer((request, response) => {
    before(request)
    middleware(request, response, (error) => {
      response.statusCode = error === undefined ? 404 : 500
      response.end(error === undefined ? `application: ${request.url}` : (error as Error).message)
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const echo: Endpoint = {
  path: '/echo',
  async answer({ method, header, readBody }) {
    const bytes = await readBody(4)
    if (bytes === undefined) return { status: 413, headers: {}, body: 'too long' }
    const headers = { 'X-Method': method, 'X-Sent': header('x-sent') ?? 'none' }
    return { status: 201, headers, body: Buffer.from(bytes).toString() }
  },
}

describe('createNodeMiddleware', () => {
  it('answers by the endpoint', async () => {
    const url = await serve(echo)
    const answer = await fetch(`${url}/echo?a=b`, { method: 'POST', body: 'abcd', headers: { 'x-sent': 'yes' } })
    expect([answer.status, answer.headers.get('x-method'), answer.headers.get('x-sent')]).toEqual([201, 'POST', 'yes'])
    expect(await answer.text()).toBe('abcd')
  })

  it('tells the endpoint of a body that is too long', async () => {
    const url = await serve(echo)
    const answer = await fetch(`${url}/echo`, { method: 'POST', body: 'abcde' })
    expect([answer.status, await answer.text()]).toEqual([413, 'too long'])
  })

  it('leaves every other path to the application', async () => {
    const answer = await fetch(`${await serve(echo)}/other`)
    expect([answer.status, await answer.text()]).toEqual([404, 'application: /other'])
  })

  it('goes by the target that the client has named, where a router has cut it', async () => {
    const url = await serve(echo, (request) => Object.assign(request, { originalUrl: '/echo', url: '/' }))
    expect((await fetch(`${url}/anywhere`)).status).toBe(201)
  })

  it('hands on what the endpoint throws', async () => {
    const url = await serve({ answer: () => Promise.reject(new Error('the endpoint broke')) })
    const answer = await fetch(url)
    expect([answer.status, await answer.text()]).toEqual([500, 'the endpoint broke'])
  })

  it('leaves alone what somebody else has answered meanwhile', async () => {
    const middleware = createNodeMiddleware({ answer: async () => ({ status: 200, headers: {}, body: 'late' }) })
    const failures: unknown[] = []
    const server = createServer((request, response) => {
      middleware(request, response, (error) => failures.push(error))
      response.end('early')
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    onTestFinished(() => void server.close())
    const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    expect([await answer.text(), failures]).toEqual(['early', []])
  })
})
