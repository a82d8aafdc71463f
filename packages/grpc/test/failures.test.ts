import {
  ServerInterceptingCall,
  type ServerInterceptor,
  status,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js'
import { AuthorizationError, type Clock, type Logger } from '@org/zitadel-auth'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createAuthorizationInterceptor } from '../src/index.js'
import { createHandClock } from './clock.js'
import { kinds, streamingKinds } from './kinds.js'
import { createObserver } from './observer.js'
import { createWorld, outcomeOf, type World } from './world.js'

let world: World
/** What would have ended the process. */
const unheard: unknown[] = []
const onUnheard = (reason: unknown): void => void unheard.push(reason)

beforeAll(async () => {
  process.on('unhandledRejection', onUnheard).on('uncaughtException', onUnheard)
  world = await createWorld()
})
beforeEach(() => {
  world.logged.length = 0
})
afterEach(async () => {
  // Node.js tells of a rejection that nobody heard before the next turn of the event loop.
  await new Promise((resolve) => setImmediate(resolve))
  expect(unheard.splice(0)).toEqual([])
})
afterAll(async () => {
  await world.close()
  process.off('unhandledRejection', onUnheard).off('uncaughtException', onUnheard)
})

const refused = { code: status.INTERNAL, details: 'internal server error', trailers: {}, messages: [] }
const fail = (): never => {
  throw new Error('out of order')
}

/** A call that is left without an end would otherwise be waited for until the test times out. */
const soon = () => ({ options: { deadline: Date.now() + 5_000 } })
const askWithToken = () => ({ authorization: `Bearer ${world.token}`, ...soon() })

const brokenLoggers: readonly (readonly [string, Logger])[] = [
  ['throws', { warn: fail, error: fail }],
  ['rejects', { warn: async () => fail(), error: async () => fail() }],
]

describe.each(kinds)('a %s call', (kind) => {
  it.each(brokenLoggers)('of a method that is not declared is refused when the logger %s', async (_, logger) => {
    const methods = { '/test.Kinds/Another': 'public' } as const
    const interceptor = createAuthorizationInterceptor(world.createAuth(), { methods }, { logger })
    const server = await world.start({ interceptors: [interceptor] })
    expect([await server.ask(kind, soon()), await server.ask(kind, soon())]).toEqual([refused, refused])
  })

  it.each(brokenLoggers)('is refused by a check that throws when the logger %s', async (_, logger) => {
    const server = await world.start({ requirement: { check: fail }, options: { logger } })
    expect(await server.ask(kind, askWithToken())).toEqual(refused)
  })

  it.each<[string, unknown, string]>([
    ['an object without a prototype', Object.create(null), '[Object: null prototype] {}'],
    ['an object', { reason: 'closed', request: { authorization: 'Bearer secret' } }, "reason: 'closed'"],
    ['nothing', undefined, 'not an error'],
    ['an error without a stack', Object.assign(new Error('closed'), { stack: undefined }), 'closed'],
    [
      'an error whose stack is no text',
      Object.assign(new Error('closed'), { stack: Object.create(null) }),
      'an error that cannot be shown',
    ],
    ['an object that cannot be read', new Proxy({}, { get: fail }), 'out of order'],
    [
      'a refusal that no metadata can carry',
      Object.assign(new AuthorizationError('ERR_TOKEN_MISSING', ''), { headers: { 'WWW-Authenticate': '\n' } }),
      'illegal characters',
    ],
  ])('is refused, and that is logged, when a check rejects with %s', async (_, reason, logged) => {
    const server = await world.start({ requirement: { check: () => Promise.reject(reason) } })
    expect(await server.ask(kind, askWithToken())).toEqual(refused)
    expect(world.logged).toEqual([expect.stringContaining(logged)])
    expect(world.logged.join()).not.toContain('secret')
  })

  it('ends nothing but itself when an interceptor before ours cannot send its status', async () => {
    let onLogged = (_line: string): void => {}
    const logged = new Promise<string>((resolve) => {
      onLogged = resolve
    })
    const broken: ServerInterceptor = (_method, call) => new ServerInterceptingCall(call, { sendStatus: fail })
    const logger = { warn: fail, error: (line: string) => onLogged(line) }
    const server = await world.start({
      interceptors: [broken, world.createInterceptor({ options: { logger } })],
    })
    const call = server.open(kind)
    const outcome = outcomeOf(call)
    expect(await logged).toContain('out of order')
    call.cancel()
    expect(await outcome).toMatchObject({ code: status.CANCELLED })
  })
})

/** A clock with state of its own, as a class makes it. */
class OwnClock implements Partial<Clock> {
  readonly #clock = createHandClock()
  isBroken = false
  now(): number {
    return this.isBroken ? fail() : this.#clock.now()
  }
  after(ms: number, run: () => void): () => void {
    return this.#clock.after(ms, run)
  }
  ring(): void {
    this.#clock.advanceSeconds(60)
  }
}

describe.each(streamingKinds)('a %s call', (kind) => {
  /** Starts a server with a clock, and gives what a call brings whose token lives a minute. */
  async function startUnder(clock: object, implementation: UntypedServiceImplementation = {}) {
    const observer = createObserver()
    const interceptor = world.createInterceptor({ options: { clock: clock as Partial<Clock> } })
    const server = await world.start({ interceptors: [observer.interceptor, interceptor], implementation })
    const token = world.zitadel.issueAccessToken(world.user, { audience: [world.project.id], expiresInSeconds: 60 })
    return { observer, server, question: { authorization: `Bearer ${token}`, ...soon() } }
  }

  /** Opens a call, and waits until its handler, which does not answer, has it. */
  async function openUnder(clock: object) {
    let onHandled = (): void => {}
    const handled = new Promise<void>((resolve) => {
      onHandled = resolve
    })
    const { observer, server, question } = await startUnder(clock, { [kind]: () => onHandled() })
    const call = server.open(kind, question)
    const outcome = outcomeOf(call)
    call.write({})
    call.end()
    await handled
    return { observer, call, outcome }
  }

  it.each([
    ['tells no time', { now: fail, after: () => () => {} }],
    ['sets no alarm', { now: () => Date.now(), after: fail }],
  ])('is refused when the clock %s', async (_, clock) => {
    const { server, question } = await startUnder(clock)
    expect(await server.ask(kind, question)).toEqual(refused)
    expect(world.logged).toEqual([expect.stringContaining('out of order')])
  })

  it('is refused when the time is not a number', async () => {
    const { server, question } = await startUnder({ now: () => Number.NaN, after: () => () => {} })
    expect(await server.ask(kind, question)).toMatchObject({ code: status.UNAUTHENTICATED })
  })

  it('ends with its token under a clock that is an instance of a class', async () => {
    const clock = new OwnClock()
    const { outcome } = await openUnder(clock)
    clock.ring()
    expect(await outcome).toMatchObject({ code: status.UNAUTHENTICATED })
  })

  it('ends when the clock fails in an alarm', async () => {
    const clock = new OwnClock()
    const { outcome } = await openUnder(clock)
    clock.isBroken = true
    clock.ring()
    expect(await outcome).toEqual(refused)
    expect(world.logged).toEqual([expect.stringContaining('out of order')])
  })

  const unstoppable = [
    ['fails to stop an alarm', () => fail],
    ['gives no way to stop an alarm', () => undefined],
  ] as const

  it.each(unstoppable)('keeps the answer of its handler when the clock %s', async (_, after) => {
    const { server, question } = await startUnder({ now: () => Date.now(), after })
    expect(await server.ask(kind, question)).toMatchObject({ code: status.OK, messages: [{ handled: true }] })
    expect(world.logged).toHaveLength(1)
  })

  it.each(unstoppable)('is cancelled by its client when the clock %s', async (_, after) => {
    const { observer, call, outcome } = await openUnder({ now: () => Date.now(), after })
    call.cancel()
    await observer.ended
    expect(await outcome).toMatchObject({ code: status.CANCELLED })
    expect(world.logged).toHaveLength(1)
  })
})

describe('the options of an interceptor', () => {
  it.each<[string, object, string]>([
    ['no logger', { logger: null }, 'logger has the functions warn and error'],
    ['an empty logger', { logger: {} }, 'logger has the functions warn and error'],
    ['a logger without warn', { logger: { error: fail } }, 'logger has the functions warn and error'],
    ['no clock', { clock: null }, 'clock has the functions now, elapsed, sleep or after'],
    ['an empty clock', { clock: {} }, 'clock has the functions now, elapsed, sleep or after'],
    [
      'a text in the place of a function',
      { clock: { now: 'now' } },
      'clock has the functions now, elapsed, sleep or after',
    ],
    ['a misspelt option', { endExpiredStream: false }, 'unknown option "endExpiredStream"'],
    ['an option that is a text', { endExpiredStreams: 'false' }, 'endExpiredStreams is true or false'],
  ])('keep the server from starting with %s', (_, options, message) => {
    const create = () => world.createInterceptor({ options })
    expect(create).toThrow(TypeError)
    expect(create).toThrow(message)
  })

  it('are nothing without an auth', () => {
    const create = () => createAuthorizationInterceptor({} as never, { methods: { '/a/b': true } })
    expect(create).toThrow('the first argument is not a ZitadelAuth')
  })
})
