import { type Metadata, ServerInterceptingCall, type ServerInterceptor, status } from '@grpc/grpc-js'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { getAuthorization } from '../src/index.js'
import { kinds } from './kinds.js'
import { sendOddValue, sendRepeated } from './raw-call.js'
import { createWorld, type World } from './world.js'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterEach(() => void vi.restoreAllMocks())
afterAll(() => world.close())

/** Changes the metadata of a call, as a proxy or another interceptor may. */
function changeMetadata(change: (metadata: Metadata) => Metadata): ServerInterceptor {
  return (_method, call) =>
    new ServerInterceptingCall(call, {
      start: (next) => next({ onReceiveMetadata: (metadata, pass) => pass(change(metadata)) }),
    })
}

function add(value: string): ServerInterceptor {
  return changeMetadata((metadata) => {
    metadata.add('authorization', value)
    return metadata
  })
}

describe.each(kinds)('a %s call', (kind) => {
  it.each([
    ['the same good token', () => `Bearer ${world.token}`],
    ['another scheme', () => 'Basic YTpi'],
    ['nothing', () => ''],
  ])('is refused when a second value is there, even with %s', async (_, second) => {
    const server = await world.start({ interceptors: [add(second()), world.createInterceptor()] })
    expect(await server.ask(kind, { authorization: `Bearer ${world.token}` })).toMatchObject({
      code: status.INVALID_ARGUMENT,
      details: 'bad request: authorization header is malformed',
    })
  })

  it('keeps its context when an interceptor after ours clones the metadata', async () => {
    const clone = changeMetadata((metadata) => metadata.clone())
    const server = await world.start({
      interceptors: [world.createInterceptor(), clone],
      handle: (call) => getAuthorization(call).userId,
    })
    expect(await server.ask(kind, { authorization: `Bearer ${world.token}` })).toMatchObject({
      code: status.OK,
      messages: [world.user.id],
    })
  })
})

describe('the context of a call', () => {
  it('stays its own when an interceptor before ours gives all metadata the same options', async () => {
    const shared = Object.freeze({ waitForReady: true })
    const share = changeMetadata((metadata) => {
      metadata.setOptions(shared)
      return metadata
    })
    const handled: (() => string)[] = []
    const server = await world.start({
      interceptors: [share, world.createInterceptor()],
      handle: (call) => handled.push(() => getAuthorization(call).userId),
    })
    const users = [world.createUser('sharing-1'), world.createUser('sharing-2')]
    const codes = users.map(async ({ token }) => (await server.ask('unary', { authorization: `Bearer ${token}` })).code)
    expect(await Promise.all(codes)).toEqual([status.OK, status.OK])
    expect(new Set(handled.map((read) => read()))).toEqual(new Set(users.map(({ id }) => id)))
    expect(Object.getOwnPropertySymbols(shared)).toEqual([])
  })
})

describe('on the wire', () => {
  it.each([
    ['a tab', 'Bearer\ttoken'],
    ['a letter outside ASCII', 'Bearer tok\u00e9n'],
  ])('a value with %s counts as none, since grpc-js drops it', async (_, value) => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
    const server = await world.start()
    expect(await sendOddValue(server.port, value)).toBe(status.UNAUTHENTICATED)
    expect(logged).toHaveBeenCalledOnce()
  })

  it('the first of repeated values counts, since node:http2 drops the others before anybody sees them', async () => {
    const server = await world.start({
      requirement: 'public',
      handle: (call) => call.metadata.get('authorization'),
    })
    expect(await sendRepeated(server.port, ['Bearer one', 'Bearer two'])).toContain('["Bearer one"]')
  })
})
