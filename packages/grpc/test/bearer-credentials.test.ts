import { credentials, Metadata, ServerCredentials, status } from '@grpc/grpc-js'
import { createTokenSource } from '@org/zitadel-auth/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type CallToken,
  createBearerCredentials,
  createInsecureBearerInterceptor,
  getAuthorization,
} from '../src/index.js'
import { createCertificate } from './certificate.js'
import { kinds } from './kinds.js'
import { createWorld, type RunningServer, type World } from './world.js'

const { certificate, privateKey } = createCertificate()

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

function startOverTls(token: CallToken): Promise<RunningServer> {
  return world.start({
    serverCredentials: ServerCredentials.createSsl(null, [{ cert_chain: certificate, private_key: privateKey }]),
    clientCredentials: createBearerCredentials(token, credentials.createSsl(certificate)),
    clientOptions: { 'grpc.ssl_target_name_override': 'localhost' },
    handle: (call) => getAuthorization(call).userId,
  })
}

function startInTheClear(token: CallToken): Promise<RunningServer> {
  return world.start({
    clientOptions: { interceptors: [createInsecureBearerInterceptor(token)] },
    handle: (call) => getAuthorization(call).userId,
  })
}

describe.each([
  ['createBearerCredentials', startOverTls, createBearerCredentials],
  ['createInsecureBearerInterceptor', startInTheClear, createInsecureBearerInterceptor],
])('%s', (_name, start, create) => {
  it.each(kinds)('sends a token with a %s call', async (kind) => {
    const server = await start(world.token)
    expect(await server.ask(kind)).toMatchObject({ code: status.OK, messages: [world.user.id] })
  })

  it('asks the source of tokens for every call', async () => {
    const users = [world.createUser(`${start.name}-1`), world.createUser(`${start.name}-2`)]
    const tokens = users.map(({ token }) => token)
    const server = await start(async () => tokens.shift() ?? '')
    const answers = [await server.ask('unary'), await server.ask('unary')]
    expect(answers.map(({ messages: [userId] }) => userId)).toEqual(users.map(({ id }) => id))
  })

  it('takes a token source of the client, which asks ZITADEL once', async () => {
    const user = world.zitadel.createServiceUser({ userName: `source of ${start.name}` })
    const tokens = createTokenSource({
      domain: world.zitadel.issuer,
      key: world.zitadel.createServiceUserKey(user),
      projects: [world.project.id],
    })
    const server = await start(tokens)
    world.zitadel.resetRequests()
    const answers = [await server.ask('unary'), await server.ask('unary')]
    expect(answers.map(({ messages: [userId] }) => userId)).toEqual([user.id, user.id])
    expect(world.zitadel.requests.token).toBe(1)
  })

  it('ends the call when the source fails', async () => {
    const server = await start(async () => {
      throw new Error('the token endpoint does not answer')
    })
    expect(await server.ask('unary')).toMatchObject({
      code: status.UNKNOWN,
      details: expect.stringContaining('the token endpoint does not answer'),
    })
  })

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['an object without a prototype', Object.create(null)],
    ['a text', 'closed'],
  ])('ends the call when the source rejects with %s', async (_, reason) => {
    const server = await start(() => Promise.reject(reason))
    expect(await server.ask('unary', { options: { deadline: Date.now() + 5_000 } })).toMatchObject({
      code: status.UNKNOWN,
      details: expect.stringMatching(/the source of the bearer token failed$/),
    })
  })

  it.each(['', 'two words', 'tok\u00e9n', 'line\nbreak', 'Bearer token'])(
    'never repeats the odd token %j',
    async (token) => {
      const server = await start(() => token)
      const { code, details } = await server.ask('unary')
      expect(code).toBe(status.UNKNOWN)
      expect(details).toMatch(/the bearer token is not a text of the characters a token can have$/)
      expect(() => create(token)).toThrow(TypeError)
    },
  )

  it('ends a call that already brings authorization with an error of the client', async () => {
    const server = await start(world.token)
    expect(await server.ask('unary', { authorization: `Bearer ${world.token}` })).toMatchObject({
      code: status.INTERNAL,
      details: expect.stringContaining('cannot have multiple values'),
    })
  })
})

describe('createBearerCredentials', () => {
  it('refuses a connection without TLS', () => {
    const create = () => createBearerCredentials('token', credentials.createInsecure())
    expect(create).toThrow(TypeError)
    expect(create).toThrow('createInsecureBearerInterceptor')
  })

  it('trusts the certificate authorities of Node.js by default, and no other', async () => {
    const server = await world.start({
      serverCredentials: ServerCredentials.createSsl(null, [{ cert_chain: certificate, private_key: privateKey }]),
      clientCredentials: createBearerCredentials(world.token),
      clientOptions: { 'grpc.ssl_target_name_override': 'localhost' },
    })
    expect(await server.ask('unary')).toMatchObject({ code: status.UNAVAILABLE })
  })
})

describe('createInsecureBearerInterceptor', () => {
  it('waits for the source no longer than the deadline of the call', async () => {
    const server = await startInTheClear(() => new Promise(() => {}))
    expect(await server.ask('unary', { options: { deadline: Date.now() + 100 } })).toMatchObject({
      code: status.DEADLINE_EXCEEDED,
    })
  })

  it('leaves other call credentials in place', async () => {
    const server = await world.start({
      clientOptions: { interceptors: [createInsecureBearerInterceptor(world.token)] },
      handle: (call) => call.metadata.get('x-tenant'),
    })
    const tenant = credentials.createFromMetadataGenerator((_options, callback) => {
      const metadata = new Metadata()
      metadata.set('x-tenant', 'acme')
      callback(null, metadata)
    })
    expect(await server.ask('unary', { options: { credentials: tenant } })).toMatchObject({ messages: [['acme']] })
  })
})
