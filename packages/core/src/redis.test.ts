import { inspect } from 'node:util'
import { describe, expect, it, vi } from 'vitest'
import { generateApplicationKey } from '../test/application-keys.js'
import { granting } from '../test/contexts.js'
import { createDeferred } from '../test/deferred.js'
import { authorizationError, typeError } from '../test/expected-errors.js'
import { createFakeRedis } from '../test/fake-redis.js'
import { issuer, startFakeZitadel } from '../test/fake-zitadel.js'
import { createRestlessClock, setUpNetwork } from '../test/network.js'
import { createGuard } from './adapter/guard.js'
import type { Logger } from './internal/problem-log.js'
import type { ZitadelAuthOptions } from './options.js'
import { createRedisStore, type RedisStoreOptions } from './redis.js'
import { createZitadelAuth } from './zitadel-auth.js'

const server = setUpNetwork()
const { json } = generateApplicationKey()
const header = 'Bearer token-of-ann'
const invalid = authorizationError('ERR_TOKEN_INVALID', expect.any(String))
const denied = authorizationError('ERR_PERMISSION_DENIED', expect.any(String))
const admin = granting({ admin: { org1: 'one.example' } })

function setUp() {
  const zitadel = startFakeZitadel(server)
  const clock = createRestlessClock()
  const redis = createFakeRedis(clock)
  const logger = { warn: vi.fn<Logger['warn']>(), error: vi.fn<Logger['error']>() }
  const claims = { sub: 'ann', aud: ['client-1'], jti: 'V2_1-at_1', exp: clock.now() / 1_000 + 3_600 }
  /** Makes the token of Ann active, with some more claims. */
  const admit = (more: object = {}) => zitadel.tokens.set('token-of-ann', { ...claims, ...more })
  admit()
  /** A process of the API. */
  const startProcess = (options: Partial<ZitadelAuthOptions> = {}, store: Partial<RedisStoreOptions> = {}) =>
    createZitadelAuth({
      ...{ domain: issuer, key: json, clock, logger },
      cache: { store: createRedisStore({ sendCommand: redis.sendCommand, subscribe: redis.subscribe, ...store }) },
      ...options,
    } as ZitadelAuthOptions)
  return { zitadel, clock, redis, logger, admit, startProcess, asked: () => zitadel.counts().introspection }
}

describe('a store', () => {
  it('touches no network at start-up', () => {
    const { startProcess, redis } = setUp()
    startProcess()
    expect(redis.commands).toEqual([])
  })

  it('takes no credentials for a mistake, since there would be no keys', () => {
    const { redis } = setUp()
    const store = createRedisStore({ sendCommand: redis.sendCommand })
    expect(() => createZitadelAuth({ domain: issuer, verification: 'jwt', projectId: '1', cache: { store } })).toThrow(
      typeError(
        'cache.store needs the credentials of this API: its keys are made of them, and nothing is stored in the clear',
      ),
    )
  })

  it('is made by createRedisStore, and nothing else', () => {
    for (const store of [{}, 'redis://localhost', null, new Map()]) {
      expect(() => createZitadelAuth({ domain: issuer, key: json, cache: { store: store as never } })).toThrow(
        typeError('cache.store is what createRedisStore() of @org/zitadel-auth/redis gives'),
      )
    }
  })

  it('spares other processes the question', async () => {
    const { startProcess, asked } = setUp()
    const [first, second] = [startProcess(), startProcess()]
    const expected = await first.authenticate(header)
    await settle()
    const found = await second.authenticate(header)
    expect(asked()).toBe(1)
    expect({ ...found }).toEqual({ ...expected })
    expect(found.claims).toEqual(expected.claims)
  })

  it('is used by none that has other credentials, another project or another prefix', async () => {
    const { startProcess, asked, zitadel, admit } = setUp()
    admit({ aud: ['client-1', 'client-2', '1', '2'] })
    const other = generateApplicationKey()
    await startProcess().authenticate(header)
    await startProcess({ key: other.json }).authenticate(header)
    await startProcess({ projectId: '1' }).authenticate(header)
    await startProcess({ projectId: '2' }).authenticate(header)
    await startProcess({}, { prefix: 'other:' }).authenticate(header)
    await settle()
    expect([asked(), zitadel.counts().introspection]).toEqual([5, 5])
  })

  it('is looked into before a token that is unknown, and not for one that is cached', async () => {
    const { startProcess, redis } = setUp()
    const auth = startProcess()
    await auth.authenticate(header)
    await settle()
    await auth.authenticate(header)
    expect(redis.count('GET')).toBe(1)
  })

  it('makes no answer last longer than its time, however many processes it goes through', async () => {
    const { startProcess, asked, clock } = setUp()
    await startProcess().authenticate(header)
    await settle()
    clock.advanceSeconds(29)
    const second = startProcess()
    await second.authenticate(header)
    expect(asked()).toBe(1)
    clock.advanceSeconds(1)
    await second.authenticate(header)
    expect(asked()).toBe(2)
  })

  it('keeps no answer longer than its token lives', async () => {
    const { startProcess, redis, admit, clock } = setUp()
    admit({ exp: clock.now() / 1_000 + 10 })
    await startProcess().authenticate(header)
    await settle()
    expect(redis.commands.find(([name]) => name === 'SET')?.slice(3)).toEqual(['PX', '10000'])
  })

  it('holds no refusal', async () => {
    const { startProcess, redis } = setUp()
    await expect(startProcess().authenticate('Bearer unknown')).rejects.toThrow(invalid)
    await settle()
    expect(redis.count('SET')).toBe(0)
  })

  it('is no reason to refuse: ZITADEL is asked again, so that a new role works at once', async () => {
    const { startProcess, asked, admit } = setUp()
    await startProcess().authenticate(header)
    await settle()
    admit(admin)
    await startProcess().authenticate(header, { role: 'admin' })
    expect(asked()).toBe(2)
  })

  it('is no reason to refuse later either', async () => {
    const { startProcess, asked } = setUp()
    await startProcess().authenticate(header)
    await settle()
    const second = startProcess()
    const context = await second.authenticate(header)
    await expect(second.authorize(context, { role: 'admin' })).rejects.toThrow(denied)
    expect(asked()).toBe(2)
  })

  it('does not let a token in again that ZITADEL has refused since', async () => {
    const { startProcess, zitadel, redis } = setUp()
    const [first, second] = [startProcess(), startProcess()]
    await first.authenticate(header)
    await settle()
    await second.authenticate(header)
    zitadel.tokens.clear()
    // What is to be dropped stays in the store.
    redis.before = ([name]) => (name === 'DEL' ? Promise.reject(new Error('READONLY')) : undefined)
    await expect(second.authenticate(header, { role: 'admin' })).rejects.toThrow(invalid)
    await settle()
    await expect(second.authenticate(header)).rejects.toThrow(invalid)
  })

  it('tells others that ZITADEL has refused a token since', async () => {
    const { startProcess, zitadel } = setUp()
    const [first, second, third] = [startProcess(), startProcess(), startProcess()]
    await first.authenticate(header)
    await settle()
    zitadel.tokens.clear()
    await expect(second.authenticate(header, { role: 'admin' })).rejects.toThrow(invalid)
    await settle()
    await expect(third.authenticate(header)).rejects.toThrow(invalid)
  })

  it('serves renewals: one process asks, and the others find it', async () => {
    const { startProcess, asked, clock } = setUp()
    const random = vi.spyOn(Math, 'random').mockReturnValue(0)
    const processes = [startProcess(), startProcess(), startProcess()]
    for (const auth of processes) {
      await auth.authenticate(header)
      await settle()
    }
    for (const seconds of [24, 1.5, 0.5, 3]) {
      clock.advanceSeconds(seconds)
      for (const auth of processes) {
        await auth.authenticate(header)
        await settle()
      }
    }
    random.mockRestore()
    expect(asked()).toBe(2)
  })

  it('shows nothing of itself in what is logged', () => {
    const { startProcess } = setUp()
    expect(inspect(startProcess(), { depth: 10, showHidden: true })).not.toMatch(/PRIVATE|secret|sendCommand/)
  })
})

describe('a revocation', () => {
  for (const [what, target] of [
    ['a user', { userId: 'ann' }],
    ['a token', { token: 'token-of-ann' }],
    ['an id of a token', { tokenId: 'V2_1-at_1' }],
    ['a session', { sessionId: 'V2_1' }],
    ['everything', undefined],
  ] as const) {
    it(`of ${what} in one process is one in all`, async () => {
      const { startProcess, zitadel } = setUp()
      const [first, second] = [startProcess(), startProcess()]
      await first.authenticate(header)
      await settle()
      await second.authenticate(header)
      zitadel.tokens.clear()
      await (target === undefined ? first.forgetAll() : first.forget(target))
      await settle()
      await expect(second.authenticate(header)).rejects.toThrow(invalid)
    })

    it(`of ${what} is known to a process that starts later`, async () => {
      const { startProcess, zitadel } = setUp()
      const first = startProcess()
      await first.authenticate(header)
      await settle()
      zitadel.tokens.clear()
      await (target === undefined ? first.forgetAll() : first.forget(target))
      await settle()
      await expect(startProcess().authenticate(header)).rejects.toThrow(invalid)
    })
  }

  it('keeps what others know about everybody else', async () => {
    const { startProcess, zitadel, asked } = setUp()
    zitadel.tokens.set('token-of-bob', { ...zitadel.tokens.get('token-of-ann'), sub: 'bob', jti: 'V2_2-at_1' })
    const [first, second] = [startProcess(), startProcess()]
    await second.authenticate('Bearer token-of-bob')
    first.forget({ userId: 'ann' })
    await settle()
    await second.authenticate('Bearer token-of-bob')
    expect(asked()).toBe(1)
  })

  it('is heard of within a second without a subscription, in a process that gets requests', async () => {
    const { startProcess, zitadel, clock } = setUp()
    const [first, second] = [startProcess(), startProcess({}, { subscribe: undefined as never })]
    await first.authenticate(header)
    await settle()
    await second.authenticate(header)
    await settle()
    zitadel.tokens.clear()
    first.forget({ userId: 'ann' })
    await settle()
    await second.authenticate(header)
    clock.advanceSeconds(1)
    await expect(second.authenticate(header)).rejects.toThrow(invalid)
  })

  it('leaves it to a subscription that is alive to tell of it: a cached token is recalled in the same turn', async () => {
    const { startProcess, clock } = setUp()
    const auth = startProcess()
    const { recall } = createGuard(auth, 'required', [])
    await auth.authenticate(header)
    await settle()
    for (let seconds = 0; seconds < 5; seconds += 1) {
      clock.advanceSeconds(1)
      expect(recall(header)?.userId).toBe('ann')
      await settle()
    }
  })

  it('is looked for before a cached token is recalled without a subscription, once a second', async () => {
    const { startProcess, clock, asked } = setUp()
    const auth = startProcess({}, { subscribe: undefined as never })
    const { recall, admit } = createGuard(auth, 'required', [])
    await auth.authenticate(header)
    await settle()
    expect(recall(header)?.userId).toBe('ann')
    clock.advanceSeconds(1)
    expect(recall(header)).toBeUndefined()
    expect((await admit(header, undefined))?.userId).toBe('ann')
    expect(recall(header)?.userId).toBe('ann')
    expect(asked()).toBe(1)
  })

  it('speaks against an answer that was asked for before it and came after it', async () => {
    const { startProcess, zitadel, asked } = setUp()
    const answered = createDeferred<Response>()
    const good = await zitadel.introspect(new URLSearchParams({ token: 'token-of-ann' }), new Request(issuer))
    const arrived = createDeferred<void>()
    zitadel.introspect.mockImplementationOnce(() => {
      arrived.resolve()
      return answered.promise
    })
    const [first, second] = [startProcess(), startProcess()]
    const under = first.authenticate(header)
    await arrived.promise
    zitadel.tokens.clear()
    second.forget({ userId: 'ann' })
    await settle()
    answered.resolve(good)
    await under
    await settle()
    await expect(second.authenticate(header)).rejects.toThrow(invalid)
    await expect(startProcess().authenticate(header)).rejects.toThrow(invalid)
    await expect(first.authenticate(header)).rejects.toThrow(invalid)
    expect(asked()).toBe(5)
  })

  it('speaks against answers from a machine whose clock is ahead by five seconds', async () => {
    const { startProcess, zitadel, clock } = setUp()
    const ahead = { ...clock, now: () => clock.now() + 5_000 }
    await startProcess({ clock: ahead }).authenticate(header)
    await settle()
    zitadel.tokens.clear()
    startProcess().forget({ userId: 'ann' })
    await settle()
    await expect(startProcess().authenticate(header)).rejects.toThrow(invalid)
  })

  it('counts though the clock of the machine that was told is behind that of one that was told before', async () => {
    const { startProcess, zitadel, clock } = setUp()
    const ahead = startProcess({ clock: { ...clock, now: () => clock.now() + 4_000 } })
    ahead.forget({ userId: 'ann' })
    await ahead.authenticate(header)
    await settle()
    zitadel.tokens.clear()
    clock.advanceSeconds(0.5)
    startProcess().forget({ userId: 'ann' })
    await settle()
    await expect(ahead.authenticate(header)).rejects.toThrow(invalid)
  })

  it('makes the process that was told ask once, and not again when it hears of itself', async () => {
    const { startProcess, asked } = setUp()
    const auth = startProcess()
    await auth.authenticate(header)
    auth.forget({ userId: 'ann' })
    await auth.authenticate(header)
    await settle()
    await auth.authenticate(header)
    expect(asked()).toBe(2)
  })

  it('is written as soon as the store is back', async () => {
    const { startProcess, zitadel, redis, clock } = setUp()
    const [first, second] = [startProcess(), startProcess()]
    await first.authenticate(header)
    await settle()
    await second.authenticate(header)
    redis.before = () => Promise.reject(new Error('down'))
    zitadel.tokens.clear()
    first.forget({ userId: 'ann' })
    await settle()
    await second.authenticate(header)
    redis.before = () => {}
    clock.advanceSeconds(1)
    await expect(first.authenticate(header)).rejects.toThrow(invalid)
    await settle()
    await expect(second.authenticate(header)).rejects.toThrow(invalid)
  })

  it('is not told to others by close()', async () => {
    const { startProcess, redis, asked } = setUp()
    const [first, second] = [startProcess(), startProcess()]
    await second.authenticate(header)
    first.close()
    await settle()
    await second.authenticate(header)
    expect([redis.count('LPUSH'), redis.count('PUBLISH'), asked()]).toEqual([0, 0, 1])
  })
})

/** Waits until nothing more happens by itself: everything here takes but a few turns. */
async function settle(): Promise<void> {
  for (let turns = 0; turns < 20; turns += 1) await new Promise((resolve) => setImmediate(resolve))
}
