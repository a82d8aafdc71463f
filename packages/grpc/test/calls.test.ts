import { type handleUnaryCall, ServerInterceptingCall, type ServerInterceptor, status } from '@grpc/grpc-js'
import { authorize, type ZitadelAuth } from '@org/zitadel-auth'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  createAuthorizationInterceptor,
  getAuthorization,
  getOptionalAuthorization,
  toGrpcRefusal,
} from '../src/index.js'
import { type AnyCall, kinds, kindsService } from './kinds.js'
import { createWorld, type World } from './world.js'

let world: World
let other: World
const unhandled: unknown[] = []
const onUnhandled = (reason: unknown): void => void unhandled.push(reason)

beforeAll(async () => {
  process.on('unhandledRejection', onUnhandled)
  ;[world, other] = await Promise.all([createWorld(), createWorld()])
})
beforeEach(() => {
  world.zitadel.resetRequests()
  world.logged.length = 0
})
afterAll(async () => {
  await Promise.all([world.close(), other.close()])
  process.off('unhandledRejection', onUnhandled)
  expect(unhandled).toEqual([])
})

const describeCall = (call: AnyCall): unknown => {
  const context = getAuthorization(call)
  return { userId: context.userId, roles: Object.keys(context.roles), hasToken: context.token !== '' }
}

describe.each(kinds)('a %s method', (kind) => {
  it('gets the context of the call', async () => {
    const { id, token } = world.createUser(`good-${kind}`, 'editor')
    const server = await world.start({ handle: describeCall })
    expect(await server.ask(kind, { authorization: `Bearer ${token}` })).toEqual({
      code: status.OK,
      details: 'OK',
      trailers: {},
      messages: [{ userId: id, roles: ['editor'], hasToken: true }],
    })
  })

  it('gets, in every one of many concurrent calls, the context of that call', async () => {
    const server = await world.start({ handle: describeCall })
    const users = Array.from({ length: 20 }, (_, index) => world.createUser(`concurrent-${kind}-${index}`))
    const outcomes = await Promise.all(
      [...users, ...users].map(({ token }) => server.ask(kind, { authorization: `Bearer ${token}` })),
    )
    expect(outcomes.map(({ messages: [answer] }) => (answer as { userId: string }).userId)).toEqual(
      [...users, ...users].map(({ id }) => id),
    )
  })

  it('costs one question to ZITADEL for a hundred concurrent calls with one token', async () => {
    const server = await world.start()
    const hold = world.zitadel.hold('introspection')
    const outcomes = Array.from({ length: 100 }, () => server.ask(kind, { authorization: `Bearer ${world.token}` }))
    await hold.untilWaiting(1)
    hold.release()
    expect(new Set((await Promise.all(outcomes)).map(({ code }) => code))).toEqual(new Set([status.OK]))
    expect(world.zitadel.requests).toMatchObject({ discovery: 1, introspection: 1 })
  })

  it.each([
    ['without credentials', () => undefined],
    ['with a good token', () => `Bearer ${world.token}`],
    ['with a token nobody issued', () => 'Bearer nobody-issued-this'],
    ['with malformed credentials', () => 'Bearer a b'],
  ])('that is public takes a call %s, without a context and without asking ZITADEL', async (_, authorization) => {
    const server = await world.start({
      requirement: 'public',
      handle(call) {
        expect(() => getAuthorization(call)).toThrow(TypeError)
        expect(() => getAuthorization(call)).toThrow('not protected')
        expect(getOptionalAuthorization(call)).toBeUndefined()
        return 'public'
      },
    })
    expect(await server.ask(kind, { authorization: authorization() })).toMatchObject({
      code: status.OK,
      messages: ['public'],
    })
    expect(world.zitadel.requests).toMatchObject({ introspection: 0, discovery: 0 })
  })

  it('that is not declared is refused to everybody, and logged once', async () => {
    const handled: unknown[] = []
    const interceptor = createAuthorizationInterceptor(
      world.createAuth(),
      { methods: { '/test.Kinds/Another': 'public' } },
      { logger: world.logger },
    )
    const server = await world.start({ interceptors: [interceptor], handle: (call) => handled.push(call) })
    const refused = { code: status.INTERNAL, details: 'internal server error', trailers: {}, messages: [] }
    expect(await server.ask(kind)).toEqual(refused)
    expect(await server.ask(kind, { authorization: `Bearer ${world.token}` })).toEqual(refused)
    expect(handled).toEqual([])
    expect(world.zitadel.requests.introspection).toBe(0)
    expect(world.logged).toEqual([expect.stringContaining(`${kindsService[kind].path} is refused to everybody`)])
  })

  it('is refused, without telling the client why, when its check throws', async () => {
    const check = () => {
      throw new Error('the database of roles is gone')
    }
    const server = await world.start({ requirement: { check } })
    expect(await server.ask(kind, { authorization: `Bearer ${world.token}` })).toEqual({
      code: status.INTERNAL,
      details: 'internal server error',
      trailers: {},
      messages: [],
    })
    expect(world.logged).toEqual([expect.stringContaining('the database of roles is gone')])
  })

  it('keeps two issuers apart, each interceptor leaving the methods of the other alone', async () => {
    const names = Object.values(kindsService).map(({ path }) => path)
    const only = (path: string, auth: ZitadelAuth) =>
      createAuthorizationInterceptor(auth, {
        methods: Object.fromEntries(names.map((name) => [name, name === path ? true : 'public'] as const)),
      })
    const { path } = kindsService[kind]
    const elsewhere = kinds.find((name) => name !== kind) ?? kind
    const server = await world.start({
      interceptors: [only(path, world.createAuth()), only(kindsService[elsewhere].path, other.createAuth())],
    })
    const code = async (name: typeof kind, { token }: World) =>
      (await server.ask(name, { authorization: `Bearer ${token}` })).code
    expect([await code(kind, world), await code(elsewhere, other)]).toEqual([status.OK, status.OK])
    expect([await code(kind, other), await code(elsewhere, world)]).toEqual([
      status.UNAUTHENTICATED,
      status.UNAUTHENTICATED,
    ])
  })
})

describe('a handler', () => {
  it('can answer what authorize() throws as the interceptor would', async () => {
    const auth = world.createAuth()
    const unary: handleUnaryCall<unknown, unknown> = (call, callback) => {
      Promise.resolve()
        .then(() => authorize(getAuthorization(call), { role: 'admin' }))
        .then(
          () => callback(null, 'admitted'),
          (error) => callback(toGrpcRefusal(auth, error) ?? error),
        )
    }
    const server = await world.start({
      auth,
      implementation: { unary },
    })
    const before = await world.start({ requirement: { role: 'admin' } })
    const authorization = `Bearer ${world.token}`
    expect(await server.ask('unary', { authorization })).toEqual(await before.ask('unary', { authorization }))
    const admin = `Bearer ${world.createUser('admin-in-handler', 'admin').token}`
    expect(await server.ask('unary', { authorization: admin })).toMatchObject({ messages: ['admitted'] })
  })

  it('keeps its own errors, whatever they look like', async () => {
    const details = 'the handler is busy'
    const unary: handleUnaryCall<unknown, unknown> = (_call, callback) => callback({ code: status.ABORTED, details })
    const server = await world.start({ implementation: { unary } })
    expect(await server.ask('unary', { authorization: `Bearer ${world.token}` })).toMatchObject({
      code: status.ABORTED,
      details,
    })
    expect(toGrpcRefusal(world.createAuth(), new Error(details))).toBeUndefined()
  })

  it('is refused its call when an interceptor after ours throws', async () => {
    const broken: ServerInterceptor = (_method, call) =>
      new ServerInterceptingCall(call, {
        start: (next) =>
          next({
            onReceiveMetadata() {
              throw new Error('the interceptor broke')
            },
          }),
      })
    const server = await world.start({ interceptors: [world.createInterceptor(), broken] })
    expect(await server.ask('unary', { authorization: `Bearer ${world.token}` })).toMatchObject({
      code: status.INTERNAL,
      details: 'internal server error',
    })
  })
})
