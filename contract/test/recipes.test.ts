// For the whole program: the types of Fastify's plugins make the compiler look at the `config` of every route.
import '@org/zitadel-auth-fastify/augment'
import '@fastify/swagger'
import { createServer } from 'node:http'
import type { useGenericAuth } from '@envelop/generic-auth'
import rateLimit from '@fastify/rate-limit'
import { type AuthorizationContext, authorize } from '@org/zitadel-auth'
import { requireAuthorization } from '@org/zitadel-auth-express'
import { getAuthorization, zitadelAuth } from '@org/zitadel-auth-fastify'
import type { SessionOptions, User } from '@org/zitadel-auth-testing'
import express, { type RequestHandler } from 'express'
import fastify, { type FastifyInstance } from 'fastify'
import { createSchema, createYoga } from 'graphql-yoga'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { ask } from '../src/ask.js'
import { createExampleFolder, importExample } from '../src/examples.js'
import { readSections } from '../src/guides.js'
import { listen } from '../src/host.js'
import { createWorld, type World } from '../src/world.js'

const folder = createExampleFolder('recipes')
let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const [recipes, revocation] = ['docs/recipes.md', 'docs/revocation.md'] as const

/** Runs the block of a section as it stands, but for the values that a reader fills in, and gives its constants. */
async function load<Constants>(page: string, title: string, values: Readonly<Record<string, string>> = {}) {
  const { code = '' } = readSections(page).get(title)?.[0] ?? {}
  const filled = Object.entries(values).reduce((text, [placeholder, value]) => text.replace(placeholder, value), code)
  return (await importExample(folder, title, filled.replaceAll(/^const /gm, 'export const '))) as Constants
}

/** Serves the application that the blocks add to, with an `auth` of its own, and gives its address. */
async function startApp() {
  const app = express()
  const { url, close } = await listen(createServer(app))
  onTestFinished(close)
  Object.assign(globalThis, { app, auth: world.createAuth() })
  return { app, url }
}

const metadataScope = 'urn:zitadel:iam:user:metadata'
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const succeed: RequestHandler = (_request, response) => void response.sendStatus(200)

/** Issues an access token that names the API, as those of a login do. */
const issueToken = (user: User, options: SessionOptions = {}) =>
  world.zitadel.issueAccessToken(user, { audience: [world.project.id], ...options })

describe('two issuers', () => {
  it('are trusted on the routes of each, and nowhere else', async () => {
    const partners = await createWorld()
    onTestFinished(partners.close)
    const { url } = await startApp()
    Object.assign(globalThis, { listOrders: succeed, listReports: succeed })
    await load(recipes, 'Two issuers', {
      'staff.example.com': world.zitadel.issuer,
      './staff.json': await world.zitadel.writeKeyFile(world.key),
      'partners.example.com': partners.zitadel.issuer,
      './partners.json': await partners.zitadel.writeKeyFile(partners.key),
    })
    const [staffToken, partnerToken] = [world, partners].map((each) => each.createUser('boss', 'admin').token)
    const statusOf = async (path: string, token = '') => (await ask(`${url}${path}`, bearer(token))).status

    expect(await statusOf('/api/orders', partnerToken)).toBe(200)
    expect(await statusOf('/api/orders', staffToken)).toBe(401)
    expect(await statusOf('/api/reports', partnerToken)).toBe(401)
    expect(await statusOf('/api/reports', staffToken)).toBe(200)
  })
})

describe('optional authorization', () => {
  it.each([
    { sent: 'no credentials', question: () => ({}), expected: { status: 200, body: '{"reader":"anonymous"}' } },
    { sent: 'an invalid token', question: () => bearer('nobody-issued-this'), expected: { status: 401 } },
    {
      sent: 'a token',
      question: () => bearer(world.token),
      expected: { status: 200, body: expect.stringMatching(/^\{"reader":"\d+"\}$/) },
    },
  ])('answers to $sent', async ({ question, expected }) => {
    const { url } = await startApp()
    await load(recipes, 'Optional authorization')
    expect(await ask(`${url}/api/articles`, question())).toMatchObject(expected)
  })
})

describe('a bare token', () => {
  const title = 'A token that comes without a header'

  it('is accepted, and its role', async () => {
    const { token } = world.createUser('admin without a header', 'admin')
    Object.assign(globalThis, { auth: world.createAuth(), token })
    await expect(load(recipes, title)).resolves.toBeDefined()
  })

  it.each([
    { what: 'that nobody issued', token: () => 'nobody-issued-this', code: 'ERR_TOKEN_INVALID' },
    { what: 'without the role', token: () => world.token, code: 'ERR_PERMISSION_DENIED' },
  ])('is refused $what', async ({ token, code }) => {
    Object.assign(globalThis, { auth: world.createAuth(), token: token() })
    await expect(load(recipes, title)).rejects.toMatchObject({ code })
  })
})

describe('a rule of your own', () => {
  it.each([
    { who: 'an editor on the plan', roles: ['editor'], plan: 'premium', scopes: [metadataScope], status: 200 },
    { who: 'an editor on another plan', roles: ['editor'], plan: 'free', scopes: [metadataScope], status: 403 },
    { who: 'an editor without the scope', roles: ['editor'], plan: 'premium', scopes: ['openid'], status: 403 },
    { who: 'an admin on the plan', roles: ['admin'], plan: 'premium', scopes: [metadataScope], status: 403 },
  ])('answers $status to $who', async ({ who, roles, plan, scopes, status }) => {
    const { app, url } = await startApp()
    const { premium } = await load<{ premium: RequestHandler }>(recipes, 'A rule of your own')
    app.get('/api/export', premium, succeed)
    const user = world.createUser(who, ...roles)
    world.zitadel.setMetadata(user, { plan })
    expect(await ask(`${url}/api/export`, bearer(issueToken(user, { scopes })))).toMatchObject({ status })
  })
})

describe('a route that forbids impersonation', () => {
  it('answers 201 to the user, and 403 to who acts in their name', async () => {
    const { url } = await startApp()
    const changePassword: RequestHandler = (_request, response) => void response.sendStatus(201)
    Object.assign(globalThis, { changePassword })
    await load(recipes, 'Forbid impersonation')
    const administrator = world.createUser('administrator')
    const statusOf = async (token: string) =>
      (await ask(`${url}/api/password`, { method: 'POST', ...bearer(token) })).status

    expect(await statusOf(issueToken(world.user))).toBe(201)
    expect(await statusOf(issueToken(world.user, { actor: { id: administrator.id } }))).toBe(403)
  })
})

describe('rate limits by user', () => {
  /** The status of one request with a token. */
  type StatusOf = (token: string) => Promise<number>

  async function startExpress(): Promise<StatusOf> {
    const { app, url } = await startApp()
    await load(recipes, 'Rate limits by user')
    app.get('/api/orders', succeed)
    return async (token) => (await ask(`${url}/api/orders`, bearer(token))).status
  }

  const hooks = ['onRequest', 'preParsing', 'preValidation', 'preHandler'] as const
  type Hook = (typeof hooks)[number]

  /** As the sentence below the block says. */
  async function startFastify(hook: Hook): Promise<StatusOf> {
    const server = fastify()
    onTestFinished(() => server.close())
    const keyGenerator = (request: Parameters<typeof getAuthorization>[0]) => getAuthorization(request).userId
    await server.register(rateLimit, { max: 2, hook, keyGenerator })
    await server.register(zitadelAuth, { auth: world.createAuth() })
    server.get('/orders', async () => [])
    return async (token) => (await server.inject({ url: '/orders', headers: bearer(token) })).statusCode
  }

  it.each([
    { framework: 'Express', limit: 100, start: startExpress },
    ...hooks.map((hook) => ({ framework: `Fastify, ${hook}`, limit: 2, start: () => startFastify(hook) })),
  ])('take nothing from a user for strangers or for others: $framework', async ({ framework, limit, start }) => {
    const statusOf = await start()
    const other = world.createUser(`other user of ${framework}`)
    const statuses = async (tokens: readonly string[]) => {
      const answered: number[] = []
      for (const token of tokens) answered.push(await statusOf(token))
      return answered
    }

    expect(await statuses(Array.from({ length: limit + 1 }, (_, index) => `stranger-${index}`))).toEqual(
      Array(limit + 1).fill(401),
    )
    expect(await statuses(Array(limit + 1).fill(world.token))).toEqual([...Array(limit).fill(200), 429])
    expect(await statusOf(other.token)).toBe(200)
  })
})

describe('OpenAPI on Fastify', () => {
  it('describes the security and the responses of each operation', async () => {
    const { server } = await load<{ server: FastifyInstance }>(recipes, 'OpenAPI')
    onTestFinished(() => server.close())
    await server.register(zitadelAuth, { auth: world.createAuth() })
    server.get('/health', { config: { authorization: 'public' } }, async () => 'ok')
    server.get('/orders', async () => [])
    server.delete('/orders', { config: { authorization: { role: 'admin', scope: 'orders' } } }, async () => null)
    await server.ready()

    const { components, paths } = JSON.parse(JSON.stringify(server.swagger()))
    const describeOperation = ({ security, responses }: { security: unknown; responses: object }) => [
      security,
      Object.keys(responses),
    ]
    expect(Object.keys(components.securitySchemes)).toEqual(['zitadel'])
    expect([paths['/health'].get, paths['/orders'].get, paths['/orders'].delete].map(describeOperation)).toEqual([
      [[], ['200']],
      [[{ zitadel: [] }], ['400', '401', '403', '503']],
      [[{ zitadel: ['orders'] }], ['400', '401', '403', '503']],
    ])
  })
})

describe('GraphQL directives', () => {
  type Plugin = ReturnType<typeof useGenericAuth<AuthorizationContext, { request: Request }, 'user'>>

  const createApi = (plugin: Plugin) =>
    createYoga({
      logging: false,
      maskedErrors: { maskError: (error) => error as Error },
      plugins: [plugin],
      schema: createSchema<{ user?: AuthorizationContext }>({
        typeDefs: /* GraphQL */ `
          directive @authenticated on FIELD_DEFINITION
          directive @requiresScopes(scopes: [[String!]!]!) on FIELD_DEFINITION
          type Query {
            version: String!
            me: String! @authenticated
            orders: String! @requiresScopes(scopes: [["orders"]])
            users: String! @authenticated
          }
        `,
        resolvers: {
          Query: {
            version: () => '1',
            me: (_root, _arguments, { user }) => user?.userId,
            orders: () => 'none',
            users: (_root, _arguments, { user }) => authorize(user as AuthorizationContext, { role: 'admin' }) ?? 'all',
          },
        },
      }),
    })

  const reader = () => issueToken(world.user)
  const refused = (message: string) => ({ errors: [expect.objectContaining({ message })] })

  it.each([
    { field: 'version', who: 'nobody', expected: { data: { version: '1' } } },
    { field: 'me', who: 'nobody', expected: refused('Unauthorized field or type') },
    { field: 'me', who: 'a user', token: reader, expected: { data: { me: expect.stringMatching(/^\d+$/) } } },
    { field: 'orders', who: 'nobody', expected: refused('Unauthorized field or type') },
    { field: 'orders', who: 'a user', token: reader, expected: refused('Unauthorized field or type') },
    {
      field: 'orders',
      who: 'a user with the scope',
      token: () => issueToken(world.user, { scopes: ['openid', 'orders'] }),
      expected: { data: { orders: 'none' } },
    },
    {
      field: 'users',
      who: 'a user without the role',
      token: reader,
      expected: refused('permission denied: missing required role: `admin`'),
    },
    {
      field: 'users',
      who: 'an admin',
      token: () => world.createUser('admin of GraphQL', 'admin').token,
      expected: { data: { users: 'all' } },
    },
  ])('answer $who who asks for $field', async ({ field, token, expected }) => {
    Object.assign(globalThis, { auth: world.createAuth() })
    const { plugin } = await load<{ plugin: Plugin }>(recipes, 'GraphQL directives')
    const headers = token === undefined ? {} : bearer(token())
    const response = await createApi(plugin).fetch(`http://api.example/graphql?query={${field}}`, { headers })
    expect(await response.json()).toMatchObject(expected)
  })
})

describe('revocation', () => {
  /** An application with a route that takes any valid token, and how to get its status. */
  async function startRevocableApp() {
    const { app, url } = await startApp()
    app.get('/api/me', requireAuthorization(auth), succeed)
    return { url, statusOf: async (token: string) => (await ask(`${url}/api/me`, bearer(token))).status }
  }

  it('comes with forget()', async () => {
    const { statusOf } = await startRevocableApp()
    const { token, ...user } = world.createUser('forgotten')
    Object.assign(globalThis, { token })
    expect(await statusOf(token)).toBe(200)
    world.zitadel.lockUser(user)
    expect(await statusOf(token)).toBe(200)

    await load(revocation, 'forget()')
    expect(await statusOf(token)).toBe(401)
  })

  it('comes with a signed event', async () => {
    const signingKey = 'the signing key of the target'
    vi.stubEnv('ZITADEL_SIGNING_KEY', signingKey)
    onTestFinished(() => void vi.unstubAllEnvs())
    const { url, statusOf } = await startRevocableApp()
    await load(revocation, 'Events from ZITADEL')
    const target = world.zitadel.createTarget({ endpoint: `${url}/zitadel/events`, signingKey })
    onTestFinished(() => world.zitadel.removeTarget(target))
    const { token, ...user } = world.createUser('locked')
    expect(await statusOf(token)).toBe(200)

    world.zitadel.lockUser(user)
    await world.zitadel.untilDelivered()
    expect(await statusOf(token)).toBe(401)
  })

  it('comes with a back-channel logout', async () => {
    const { url, statusOf } = await startRevocableApp()
    const backChannelLogoutUri = `${url}/zitadel/logout`
    const { clientId } = world.zitadel.createWebApplication(world.project, { backChannelLogoutUri })
    await load(revocation, 'Back-channel logout', {
      'my-domain.zitadel.cloud': world.zitadel.issuer,
      '312909075212468632': clientId,
    })
    const person = world.zitadel.createHumanUser({ userName: 'person' })
    const token = issueToken(person)
    expect(await statusOf(token)).toBe(200)

    world.zitadel.endSession(person)
    await world.zitadel.untilDelivered()
    expect(await statusOf(token)).toBe(401)
  })
})
