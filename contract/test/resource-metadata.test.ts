import type { ZitadelAuthOptions } from '@org/zitadel-auth'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, ask } from '../src/ask.js'
import { earlyHeader } from '../src/host.js'
import { hosts } from '../src/hosts/index.js'
import { createWorld, type World } from '../src/world.js'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterEach(async () => {
  world.zitadel.recover()
  await world.zitadel.resume()
})
afterAll(() => world.close())

const resource = 'https://api.example.com/mcp'
const path = '/.well-known/oauth-protected-resource/mcp'

const createAuth = (options: Partial<ZitadelAuthOptions> = {}) =>
  world.createAuth({ resource, projectId: world.project.id, ...options } as Partial<ZitadelAuthOptions>)

/** What the test has not caused: what Node.js and a framework say of themselves. */
const toOwn = ({ headers }: Answer) => {
  const {
    date,
    connection,
    'keep-alive': alive,
    'x-powered-by': powered,
    'transfer-encoding': encoding,
    ...own
  } = headers
  return own
}

const everybody = { 'access-control-allow-origin': '*' }
const methods = 'GET, HEAD, OPTIONS'

const scopes = () => ['openid', `urn:zitadel:iam:org:project:id:${world.project.id}:aud`]

/** What every challenge ends with. */
const needs = (...more: readonly string[]) =>
  `scope="${[...scopes(), ...more].join(' ')}", resource_metadata="https://api.example.com${path}"`

describe.each(hosts)('$name', (host) => {
  const start = (more: Partial<Parameters<World['start']>[1]> = {}) =>
    world.start(host, { auth: createAuth(), ...more })

  it.each(['GET', 'HEAD'])('answers %s of the metadata without a token, to every page', async (method) => {
    const document = JSON.stringify({
      resource,
      authorization_servers: [world.zitadel.issuer],
      scopes_supported: scopes(),
      bearer_methods_supported: ['header'],
    })
    const { url } = await start()
    const answer = await ask(`${url}${path}?a=b`, { method, headers: { origin: 'https://app.example' } })
    expect([answer.status, answer.body]).toEqual([200, method === 'GET' ? document : ''])
    expect(toOwn(answer)).toEqual({
      ...everybody,
      'content-type': 'application/json',
      'content-length': String(document.length),
      'x-content-type-options': 'nosniff',
      'cache-control': 'public, max-age=300',
    })
  })

  it('answers the question of a browser that comes before', async () => {
    const { url } = await start()
    const answer = await ask(url + path, {
      method: 'OPTIONS',
      headers: { origin: 'https://app.example', 'access-control-request-headers': 'mcp-protocol-version' },
    })
    expect([answer.status, answer.body]).toEqual([204, ''])
    expect(toOwn(answer)).toEqual({
      ...everybody,
      'access-control-allow-methods': methods,
      'access-control-allow-headers': '*',
      allow: methods,
    })
  })

  it.each(['POST', 'PUT', 'DELETE', 'PATCH'])('answers %s of it with 405, without reading a body', async (method) => {
    const { url } = await start()
    const answer = await ask(url + path, { method, body: '{', headers: { 'content-length': '1' } })
    expect([answer.status, answer.body]).toEqual([405, 'method not allowed\n'])
    expect(toOwn(answer)).toEqual({
      ...everybody,
      'content-type': 'text/plain; charset=utf-8',
      'content-length': '19',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      allow: methods,
    })
  })

  it('leaves every other path to the application', async () => {
    const { url } = await start()
    const paths = ['/.well-known/oauth-protected-resource', `${path}/`, `${path}/more`, '/mcp']
    const answers = await Promise.all(paths.map((other) => ask(url + other)))
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404])
    expect(await ask(`${url}/required`, { authorization: `Bearer ${world.token}` })).toMatchObject({ status: 200 })
  })

  describe.each(['respond', 'throw'] as const)('where refusals are to %s', (onRefusal) => {
    it.each([
      ['no token', {}, 401, () => `Bearer ${needs()}`],
      ['another scheme', { authorization: 'Basic YTpi' }, 401, () => `Bearer ${needs()}`],
      ['two tokens', { authorization: 'Bearer a b' }, 400, () => `Bearer error="invalid_request", ${needs()}`],
      ['a bad token', { authorization: 'Bearer nobodys' }, 401, () => `Bearer error="invalid_token", ${needs()}`],
    ] as const)('names the metadata in a challenge for %s', async (_what, question, status, challenge) => {
      const { url } = await start({ onRefusal })
      const answer = await ask(`${url}/required`, question)
      expect(answer.status).toBe(status)
      expect(answer.headers).toMatchObject({
        'www-authenticate': challenge(),
        'access-control-expose-headers': 'WWW-Authenticate',
        [earlyHeader[0].toLowerCase()]: earlyHeader[1],
      })
    })

    it('names every scope that a token needs, where it has not those of the requirement', async () => {
      const { url } = await start({ onRefusal, requirement: { scope: ['orders:write', 'openid', 'orders:read'] } })
      const answer = await ask(`${url}/required`, { authorization: `Bearer ${world.token}` })
      const challenge = `Bearer error="insufficient_scope", ${needs('orders:write', 'orders:read')}`
      expect([answer.status, answer.headers['www-authenticate']]).toEqual([403, challenge])
    })

    it.each(['/required', '/authorize'])(
      'sends no client for another token where it takes a role, on %s',
      async (route) => {
        const { url } = await start({ onRefusal, requirement: { role: 'admin' } })
        const answer = await ask(url + route, { authorization: `Bearer ${world.token}` })
        expect(answer.status).toBe(403)
        expect(toOwn(answer)).not.toHaveProperty('www-authenticate')
        expect(toOwn(answer)).not.toHaveProperty('access-control-expose-headers')
      },
    )

    it('tells of an outage with 503, and of nothing that a client could do', async () => {
      await world.zitadel.pause()
      const { url } = await start({ onRefusal })
      const answer = await ask(`${url}/required`, { authorization: `Bearer ${world.token}` })
      expect([answer.status, answer.headers['retry-after'], answer.headers['www-authenticate']]).toEqual([
        503,
        '5',
        undefined,
      ])
    })
  })

  it('keeps what else is exposed to pages of other origins', async () => {
    const { url } = await start({ earlyHeaders: { 'Access-Control-Expose-Headers': 'Mcp-Session-Id' } })
    const answer = await ask(`${url}/required`)
    const exposed = String(answer.headers['access-control-expose-headers']).split(', ')
    expect(exposed.sort()).toEqual(['Mcp-Session-Id', 'WWW-Authenticate'])
  })
})
