import { status } from '@grpc/grpc-js'
import type { ZitadelAuthOptions } from '@org/zitadel-auth'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { kinds } from './kinds.js'
import { createWorld, type World } from './world.js'

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
  /** What the call brings; a function of the world, since tokens are made at run time. */
  readonly authorization?: (world: World) => string
  /** What goes wrong before the call. */
  readonly before?: (world: World) => unknown
  readonly options?: Partial<ZitadelAuthOptions>
  readonly code: status
  readonly details: string
  readonly trailers: Readonly<Record<string, string>>
}

const bearer =
  (pick: (world: World) => string) =>
  (from: World): string =>
    `Bearer ${pick(from)}`
const goodToken = bearer(({ token }) => token)

const invalid = {
  code: status.UNAUTHENTICATED,
  details: 'unauthorized: token is invalid or has expired',
  trailers: { 'www-authenticate': 'Bearer error="invalid_token"' },
}
const malformed = {
  code: status.INVALID_ARGUMENT,
  details: 'bad request: authorization header is malformed',
  trailers: { 'www-authenticate': 'Bearer error="invalid_request"' },
}
const missing = {
  code: status.UNAUTHENTICATED,
  details: 'unauthorized: authorization header is empty',
  trailers: { 'www-authenticate': 'Bearer' },
}
const unavailable = {
  authorization: goodToken,
  code: status.UNAVAILABLE,
  details: 'service unavailable: the token cannot be verified right now',
  trailers: { 'retry-after': '5', 'grpc-retry-pushback-ms': '5000' },
}
const misconfigured = {
  authorization: goodToken,
  code: status.INTERNAL,
  details: 'internal server error',
  trailers: {},
}

const rows: readonly Row[] = [
  { outcome: 'no authorization metadata', ...missing },
  { outcome: 'empty authorization metadata', authorization: () => '', ...missing },
  {
    outcome: 'another scheme',
    authorization: () => 'Basic YTpi',
    code: status.UNAUTHENTICATED,
    details: 'unauthorized: authorization scheme is not Bearer',
    trailers: { 'www-authenticate': 'Bearer' },
  },
  { outcome: 'a scheme without a token', authorization: () => 'Bearer', ...malformed },
  { outcome: 'two tokens in one value', authorization: () => 'Bearer a b', ...malformed },
  { outcome: 'two values joined by a comma', authorization: () => 'Bearer a, Bearer b', ...malformed },
  { outcome: 'a quoted token', authorization: () => 'Bearer "a"', ...malformed },
  {
    outcome: 'a token that is longer than maxHeaderBytes',
    authorization: () => `Bearer ${'a'.repeat(8_192)}`,
    options: { maxHeaderBytes: 8_192 },
    ...malformed,
    details: 'bad request: authorization header is too long',
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
    trailers: { 'retry-after': '17', 'grpc-retry-pushback-ms': '17000' },
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

describe.each(kinds)('a %s call', (kind) => {
  for (const { outcome, authorization, before, options, ...expected } of rows) {
    it(`ends with ${status[expected.code]} for ${outcome}, before its handler`, async () => {
      await before?.(world)
      const handled: unknown[] = []
      const server = await world.start({
        auth: world.createAuth(options),
        handle: (call) => handled.push(call),
      })

      const answer = await server.ask(kind, { authorization: authorization?.(world) })

      expect(answer).toEqual({ ...expected, messages: [] })
      expect(handled).toEqual([])
    })
  }

  it('ends with PERMISSION_DENIED for a token without the required role, and names the role', async () => {
    const server = await world.start({ requirement: { role: 'admin' } })
    expect(await server.ask(kind, { authorization: `Bearer ${world.token}` })).toEqual({
      code: status.PERMISSION_DENIED,
      details: 'permission denied: missing required role: `admin`',
      trailers: { 'www-authenticate': 'Bearer error="insufficient_scope"' },
      messages: [],
    })
  })

  it.each(['bearer', 'BEARER', 'Bearer '])('reaches its handler with the scheme written as %j', async (scheme) => {
    const server = await world.start()
    expect(await server.ask(kind, { authorization: `${scheme} ${world.token}` })).toMatchObject({
      code: status.OK,
      messages: [{ handled: true }],
    })
  })

  it('ends with UNAVAILABLE while ZITADEL is down, and works without a restart once it is back', async () => {
    const server = await world.start()
    const authorization = `Bearer ${world.token}`
    await world.zitadel.pause()
    expect(await server.ask(kind, { authorization })).toMatchObject({ code: status.UNAVAILABLE })
    await world.zitadel.resume()
    expect(await server.ask(kind, { authorization })).toMatchObject({ code: status.OK })
  })

  it('is refused while the client is still sending', async () => {
    const server = await world.start()
    const call = server.open(kind)
    expect(await new Promise((resolve) => call.on('error', () => {}).on('status', resolve))).toMatchObject({
      code: status.UNAUTHENTICATED,
    })
  })
})

describe('a refusal', () => {
  it('has its one line of text also when refusals over HTTP are problem details', async () => {
    const server = await world.start({
      auth: world.createAuth({ refusalFormat: 'problem-json' }),
      requirement: { scope: 'orders:write' },
    })
    expect(await server.ask('unary', { authorization: `Bearer ${world.token}` })).toMatchObject({
      details: 'permission denied: missing required scope: `orders:write`',
      trailers: { 'www-authenticate': 'Bearer error="insufficient_scope", scope="orders:write"' },
    })
  })

  it.each([
    ['letters outside ASCII', 'Übersetzer 🎉', 'Übersetzer 🎉'],
    ['percent signs', '100%41', '100%41'],
    ['line breaks', 'a\r\nb', 'a  b'],
    ['half a surrogate pair', 'a\ud800b', 'a\ufffdb'],
  ])('names a role with %s', async (_, role, named) => {
    const server = await world.start({ requirement: { role } })
    expect(await server.ask('unary', { authorization: `Bearer ${world.token}` })).toMatchObject({
      code: status.PERMISSION_DENIED,
      details: `permission denied: missing required role: \`${named}\``,
    })
  })
})
