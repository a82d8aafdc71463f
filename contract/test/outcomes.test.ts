import type { ZitadelAuthOptions } from '@org/zitadel-auth'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { ask } from '../src/ask.js'
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

interface Row {
  readonly outcome: string
  /** What the request brings; a function of the world, since tokens are made at run time. */
  readonly authorization?: (world: World) => string | readonly string[]
  /** What goes wrong before the request. */
  readonly before?: (world: World) => unknown
  readonly options?: Partial<ZitadelAuthOptions>
  readonly status: number
  readonly body: string
  readonly challenge?: string
  readonly retryAfter?: string
  /** What is different where repeated headers arrive as one: a credential of another scheme may have commas. */
  readonly whereJoined?: Pick<Row, 'status' | 'body' | 'challenge'>
}

const bearer =
  (pick: (world: World) => string) =>
  (from: World): string =>
    `Bearer ${pick(from)}`
const goodToken = bearer(({ token }) => token)

const invalid = {
  status: 401,
  body: 'unauthorized: token is invalid or has expired\n',
  challenge: 'Bearer error="invalid_token"',
}
const malformed = {
  status: 400,
  body: 'bad request: authorization header is malformed\n',
  challenge: 'Bearer error="invalid_request"',
}
const unsupported = {
  status: 401,
  body: 'unauthorized: authorization scheme is not Bearer\n',
  challenge: 'Bearer',
}
const unavailable = {
  authorization: goodToken,
  status: 503,
  body: 'service unavailable: the token cannot be verified right now\n',
  retryAfter: '5',
}
const misconfigured = { authorization: goodToken, status: 500, body: 'internal server error\n' }

const rows: readonly Row[] = [
  {
    outcome: 'no Authorization header',
    status: 401,
    body: 'unauthorized: authorization header is empty\n',
    challenge: 'Bearer',
  },
  {
    outcome: 'an empty Authorization header',
    authorization: () => '',
    status: 401,
    body: 'unauthorized: authorization header is empty\n',
    challenge: 'Bearer',
  },
  { outcome: 'another scheme', authorization: () => 'Basic YTpi', ...unsupported },
  { outcome: 'a scheme without a token', authorization: () => 'Bearer', ...malformed },
  { outcome: 'two tokens in one header', authorization: () => 'Bearer a b', ...malformed },
  { outcome: 'a tab after the scheme', authorization: () => 'Bearer\ttoken', ...malformed },
  { outcome: 'a byte beyond ASCII in the token', authorization: () => 'Bearer tok\u00e9n', ...malformed },
  {
    outcome: 'a token that is longer than maxHeaderBytes',
    authorization: () => `Bearer ${'a'.repeat(8_192)}`,
    options: { maxHeaderBytes: 8_192 },
    ...malformed,
    body: 'bad request: authorization header is too long\n',
  },
  { outcome: 'an unknown token of 12 KiB', authorization: () => `Bearer ${'a'.repeat(12_288)}`, ...invalid },
  {
    outcome: 'a repeated header, even with the same good token',
    authorization: ({ token }) => [`Bearer ${token}`, `Bearer ${token}`],
    ...malformed,
  },
  {
    outcome: 'a repeated header of two schemes',
    authorization: ({ token }) => ['Basic YTpi', `Bearer ${token}`],
    ...malformed,
    whereJoined: unsupported,
  },
  { outcome: 'a token nobody issued', authorization: () => 'Bearer nobody-issued-this', ...invalid },
  {
    outcome: 'an expired token',
    authorization: bearer(({ zitadel, user, project }) =>
      zitadel.issueAccessToken(user, { audience: [project.id], expiresInSeconds: -1 }),
    ),
    ...invalid,
  },
  {
    outcome: 'a token for another API',
    authorization: bearer(({ zitadel, user }) => zitadel.issueAccessToken(user, { audience: ['another-project'] })),
    ...invalid,
  },
  {
    outcome: 'an ID token',
    authorization: bearer(({ zitadel, user }) => zitadel.issueIdToken(user)),
    ...invalid,
  },
  {
    outcome: 'a removed personal access token',
    authorization: bearer((from) => {
      const token = from.zitadel.createPersonalAccessToken(from.user)
      from.zitadel.removePersonalAccessToken(token)
      return token
    }),
    ...invalid,
  },
  { outcome: 'ZITADEL refusing connections', before: ({ zitadel }) => zitadel.pause(), ...unavailable },
  {
    outcome: 'ZITADEL hanging',
    before: ({ zitadel }) => zitadel.fail('introspection', 'hang'),
    options: { timeoutMs: 150 },
    ...unavailable,
  },
  {
    outcome: 'ZITADEL answering 500',
    before: ({ zitadel }) => zitadel.fail('introspection', { status: 500 }),
    ...unavailable,
  },
  {
    outcome: 'ZITADEL answering 429 with Retry-After',
    before: ({ zitadel }) => zitadel.fail('introspection', { status: 429, headers: { 'retry-after': '17' } }),
    ...unavailable,
    retryAfter: '17',
  },
  {
    outcome: 'ZITADEL being down before it was ever found',
    before: ({ zitadel }) => zitadel.fail('discovery', { status: 503 }),
    ...unavailable,
  },
  {
    outcome: 'ZITADEL refusing the credentials of this API',
    before: ({ zitadel }) =>
      zitadel.fail('introspection', {
        status: 400,
        headers: { 'content-type': 'application/json' },
        body: '{"error":"unauthorized_client"}',
      }),
    ...misconfigured,
  },
  {
    outcome: 'a domain that names another issuer',
    before: ({ zitadel }) =>
      zitadel.fail('discovery', {
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: '{"issuer":"https://other.example"}',
      }),
    ...misconfigured,
  },
]

describe.each(hosts)('$name answers', (host) => {
  for (const row of rows.map((one) => ({ ...one, ...(host.joinsHeaders && one.whereJoined) }))) {
    it(`${row.status} to ${row.outcome}`, async () => {
      await row.before?.(world)
      const authorization = row.authorization === undefined ? {} : { authorization: row.authorization(world) }
      const api = await world.start(host, { auth: world.createAuth(row.options) })

      const answer = await ask(`${api.url}/required`, authorization)

      expect(answer).toMatchObject({ status: row.status, body: row.body })
      expect({ ...answer.headers, date: undefined, connection: undefined, 'x-powered-by': undefined }).toEqual({
        [earlyHeader[0].toLowerCase()]: earlyHeader[1],
        'content-type': 'text/plain; charset=utf-8',
        'content-length': String(row.body.length),
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        ...(row.challenge === undefined ? {} : { 'www-authenticate': row.challenge }),
        ...(row.retryAfter === undefined ? {} : { 'retry-after': row.retryAfter }),
      })
    })
  }

  it('403 to a token without the required role, and names the role', async () => {
    const api = await world.start(host, { requirement: { role: 'admin' } })
    const answer = await ask(`${api.url}/required`, { authorization: `Bearer ${world.token}` })
    expect(answer).toMatchObject({
      status: 403,
      body: 'permission denied: missing required role: `admin`\n',
      headers: { 'www-authenticate': 'Bearer error="insufficient_scope"', 'content-length': '50' },
    })
  })

  it('200 to a good token, with its context', async () => {
    const { id, token } = world.createUser(`good-${host.name}`, 'editor')
    const api = await world.start(host)
    const answer = await ask(`${api.url}/required`, { authorization: `Bearer ${token}` })
    const roles = { editor: { [world.project.organizationId]: expect.any(String) } }
    expect(answer.status).toBe(200)
    expect(JSON.parse(answer.body)).toEqual({ userId: id, roles, hasToken: true })
  })

  it.each(['bearer', 'BEARER', 'Bearer '])('200 to the scheme written as %j', async (scheme) => {
    const api = await world.start(host)
    expect(await ask(`${api.url}/required`, { authorization: `${scheme} ${world.token}` })).toMatchObject({
      status: 200,
    })
  })

  it('problem details when the application asks for them', async () => {
    const api = await world.start(host, {
      auth: world.createAuth({ refusalFormat: 'problem-json' }),
      requirement: { scope: 'orders:write' },
    })
    const answer = await ask(`${api.url}/required`, { authorization: `Bearer ${world.token}` })
    expect(answer).toMatchObject({
      status: 403,
      headers: {
        'content-type': 'application/problem+json',
        'www-authenticate': 'Bearer error="insufficient_scope", scope="orders:write"',
      },
    })
    expect(JSON.parse(answer.body)).toEqual({
      type: 'about:blank',
      title: 'Forbidden',
      status: 403,
      detail: 'missing required scope: `orders:write`',
    })
  })

  it('503 while ZITADEL is down, and 200 without a restart once it is back', async () => {
    const api = await world.start(host)
    await world.zitadel.pause()
    expect(await ask(`${api.url}/required`, { authorization: `Bearer ${world.token}` })).toMatchObject({ status: 503 })
    await world.zitadel.resume()
    expect(await ask(`${api.url}/required`, { authorization: `Bearer ${world.token}` })).toMatchObject({ status: 200 })
  })
})
