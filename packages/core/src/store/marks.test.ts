import { describe, expect, it, vi } from 'vitest'
import { createDeferred } from '../../test/deferred.js'
import { createFakeRedis } from '../../test/fake-redis.js'
import { createManualClock } from '../../test/manual-clock.js'
import type { Logger } from '../internal/problem-log.js'
import { createRedisStore } from './create-redis-store.js'
import type { RedisStoreOptions } from './redis-store-options.js'

const daySeconds = 86_400

function setUp() {
  const clock = createManualClock()
  const redis = createFakeRedis(clock)
  const logger = { warn: vi.fn<Logger['warn']>(), error: vi.fn<Logger['error']>() }

  function start(options: Partial<RedisStoreOptions> = {}) {
    const learned: string[] = []
    const lose = vi.fn()
    const store = createRedisStore({ sendCommand: redis.sendCommand, ...options }).connect({
      identity: ['https://zitadel.example', 'client-1', undefined],
      secret: 'words',
      keepMarksMs: daySeconds * 1_000,
      clock,
      logger,
      learn: (marks) => void learned.push(...marks.map(({ name }) => name)),
      lose,
    })
    /** Looks as a request does. */
    const look = async () => {
      clock.advanceSeconds(1)
      await store.refresh()
      await settle()
    }
    const forget = async (...names: string[]) => {
      for (const name of names) store.forget({ name: `user ${name}`, atMs: clock.now() })
      await settle()
    }
    return { store, learned, lose, look, forget }
  }
  return { clock, redis, logger, start, list: () => [...redis.lists.values()][0] ?? [] }
}

const named = (count: number, from = 0) => Array.from({ length: count }, (_, index) => `${from + index}`)
const users = (names: readonly string[]) => names.map((name) => `user ${name}`)

describe('marks', () => {
  it('are read once each, in whatever portions they come', async () => {
    const { start } = setUp()
    const [writer, reader] = [start(), start()]
    await reader.look()
    for (const names of [named(1), named(2, 1), named(99, 3), named(150, 102), named(1, 252)]) {
      await writer.forget(...names)
      await reader.look()
      await reader.look()
    }
    expect(reader.learned.sort()).toEqual(users(named(253)).sort())
    expect(reader.lose).not.toHaveBeenCalled()
  })

  it('cost one short command where there is nothing new', async () => {
    const { start, redis } = setUp()
    const [writer, reader] = [start(), start()]
    await writer.forget(...named(300))
    await reader.look()
    redis.commands.length = 0
    await reader.look()
    expect(redis.commands.map(([name]) => name)).toEqual(['LINDEX'])
  })

  it('are looked for at most once a second', async () => {
    const { start, redis, clock } = setUp()
    const { store } = start()
    for (let tenths = 0; tenths < 30; tenths += 1) {
      await store.refresh()
      clock.advanceSeconds(0.1)
    }
    expect(redis.count('LINDEX')).toBe(3)
  })

  it('are told by a message as well, and need not be read for that', async () => {
    const { start, redis } = setUp()
    const [writer, reader] = [start(), start({ subscribe: redis.subscribe })]
    await reader.look()
    await writer.forget('ann')
    expect(reader.learned).toEqual(['user ann'])
  })

  it('that a lost subscription has missed are read', async () => {
    const { start, redis } = setUp()
    const [writer, reader] = [start(), start({ subscribe: redis.subscribe })]
    await reader.look()
    redis.isSubscribed = false
    await writer.forget('ann')
    expect(reader.learned).toEqual([])
    await reader.look()
    expect(reader.learned).toEqual(['user ann'])
  })

  it('are known before an answer is found that is older', async () => {
    const { start, redis, clock } = setUp()
    const [writer, reader] = [start(), start()]
    await reader.look()
    writer.store.keep('key', { askedAtMs: clock.now(), claims: {} }, 30_000)
    await writer.forget('ann')
    expect(await reader.store.find('key', 30_000)).toEqual({ askedAtMs: clock.now(), claims: {} })
    expect(reader.learned).toEqual(['user ann'])
    expect(redis.count('GET')).toBe(1)
  })

  it('that can’t be read leave an answer where it is', async () => {
    const { start, redis, clock } = setUp()
    const { store } = start()
    store.keep('key', { askedAtMs: clock.now(), claims: {} }, 30_000)
    redis.before = ([name]) => (name === 'LINDEX' ? Promise.reject(new Error('LINDEX')) : undefined)
    expect(await store.find('key', 30_000)).toBeUndefined()
  })

  it('that are added while others are read are not missed', async () => {
    const { start, redis } = setUp()
    const [writer, reader] = [start(), start()]
    await reader.look()
    await writer.forget('ann')
    const held = createDeferred<void>()
    let reads = 0
    redis.before = ([name]) => {
      reads += Number(name === 'LRANGE')
      return name === 'LRANGE' && reads === 1 ? held.promise : undefined
    }
    const first = reader.look()
    await settle()
    await writer.forget('bob')
    const found = reader.store.find('key', 30_000)
    held.resolve()
    await Promise.all([first, found])
    expect(reader.learned.sort()).toEqual(['user ann', 'user bob'])
  })

  it('that are over are not learned, and go', async () => {
    const { start, clock, list } = setUp()
    const writer = start()
    await writer.forget(...named(5))
    clock.advanceSeconds(daySeconds + 1)
    await writer.forget('ann', 'bob', 'cleo')
    expect(list()).toHaveLength(3)
    const reader = start()
    await reader.look()
    expect(reader.learned.sort()).toEqual(['user ann', 'user bob', 'user cleo'])
  })

  it('that were the last to be read and are over are no loss when they are gone', async () => {
    const { start, redis, clock } = setUp()
    const { look, forget, lose } = start()
    await forget('ann')
    clock.advanceSeconds(daySeconds + 1)
    redis.flush()
    await look()
    expect(lose).not.toHaveBeenCalled()
  })

  it('that are lost make everything be forgotten, and are written again by the processes that made them', async () => {
    const { start, redis, list } = setUp()
    const [first, second] = [start(), start()]
    await first.forget('ann')
    await second.forget('bob')
    redis.flush()
    for (const { look } of [first, second]) await look()
    expect([first.lose.mock.calls.length, second.lose.mock.calls.length]).toEqual([1, 1])
    expect(list()).toHaveLength(2)
    const later = start()
    await later.look()
    expect(later.learned.sort()).toEqual(['user ann', 'user bob'])
  })

  it('are written when the store works again', async () => {
    const { start, redis } = setUp()
    const [first, second] = [start(), start()]
    redis.before = () => Promise.reject(new Error('down'))
    await first.forget('ann', 'bob')
    redis.before = () => {}
    await first.look()
    await second.look()
    expect(second.learned.sort()).toEqual(['user ann', 'user bob'])
    expect(redis.count('LPUSH')).toBeLessThanOrEqual(2)
  })

  it('are not sent one after the other while the store does not answer', async () => {
    const { start, redis } = setUp()
    redis.before = () => new Promise(() => {})
    await start().forget(...named(500))
    expect(redis.count('LPUSH')).toBe(1)
  })

  it('become one for all where the store can’t take so many', async () => {
    const { start, redis } = setUp()
    const [first, second] = [start(), start()]
    redis.before = () => Promise.reject(new Error('down'))
    await first.forget(...named(1_001))
    redis.before = () => {}
    await first.look()
    await second.look()
    expect(second.learned).toEqual(['all'])
  })

  it('become one for all where there are more than ten thousand, and it is there before they go', async () => {
    const { start, redis, list } = setUp()
    const writer = start()
    for (let thousands = 0; thousands < 10; thousands += 1) await writer.forget(...named(1_000, thousands * 1_000))
    expect(list()).toHaveLength(10_000)
    await writer.forget('ann')
    expect(list()).toHaveLength(100)
    const reader = start()
    await reader.look()
    expect(reader.learned).toContain('all')
    const names = redis.commands.map(([name]) => name)
    expect(names.lastIndexOf('LPUSH')).toBeLessThan(names.indexOf('LTRIM'))
  })

  for (const [what, reply] of [
    ['an object', { result: 5 }],
    ['a pair', [null, 5]],
    ['nothing', undefined],
    ['a word', 'QUEUED'],
  ] as const) {
    it(`end in no loop of writes where the client gives ${what} for a number, and the log says so`, async () => {
      const { start, redis, logger } = setUp()
      redis.before = ([name]) => (name === 'LPUSH' ? Promise.reject(new Error('not sent')) : undefined)
      const sent: string[] = []
      const { forget } = start({
        sendCommand: async ([name = '']) => {
          sent.push(name)
          return reply
        },
      })
      await forget('ann', 'bob')
      await settle()

      expect(sent.filter((name) => name === 'LPUSH').length).toBeLessThan(5)
      expect(logger.warn.mock.calls.flat().join()).toContain('something else than what Redis answers')
    })
  }

  it('are few for all where the store does not let the list be cut', async () => {
    const { start, redis } = setUp()
    redis.before = ([name]) => (name === 'LTRIM' ? Promise.reject(new Error('NOPERM')) : undefined)
    const writer = start()
    for (let thousands = 0; thousands < 10; thousands += 1) await writer.forget(...named(1_000, thousands * 1_000))
    redis.commands.length = 0
    await writer.forget('ann')
    await settle()

    expect(redis.count('LPUSH')).toBeLessThan(5)
  })

  it('are not written after close()', async () => {
    const { start, redis } = setUp()
    const { store, forget } = start()
    store.close()
    await forget('ann')

    expect(redis.commands).toEqual([])
  })

  it('of somebody who has not the credentials are none', async () => {
    const { start, redis, list } = setUp()
    const [writer, reader] = [start(), start({ subscribe: redis.subscribe })]
    await reader.look()
    await writer.forget('ann')
    await reader.look()
    const [sealed = ''] = list()
    reader.learned.length = 0
    list().unshift('made up', sealed.slice(1), '', `${sealed}x`)
    await redis.sendCommand(['PUBLISH', 'zitadel-auth:revoked', 'made up'])
    await reader.look()
    expect(reader.learned).toEqual([])
  })
})

describe('what is cached', () => {
  it('waits for a look that is due where there is no subscription: one for all', async () => {
    const { start, redis, clock } = setUp()
    const { store, look } = start()
    await look()
    expect(store.catchUp()).toBeUndefined()
    clock.advanceSeconds(1)
    redis.commands.length = 0
    const waits = Array.from({ length: 100 }, () => store.catchUp())
    expect(waits).toEqual(Array(100).fill(expect.any(Promise)))
    await Promise.all(waits)
    expect([redis.count('LINDEX'), store.catchUp()]).toEqual([1, undefined])
  })

  it('has heard of what was revoked when the wait is over', async () => {
    const { start, clock } = setUp()
    const [writer, reader] = [start(), start()]
    await reader.look()
    await writer.forget('ann')
    clock.advanceSeconds(1)
    await reader.store.catchUp()
    expect(reader.learned).toEqual(['user ann'])
  })

  it('waits for no look while a subscription is alive', async () => {
    const { start, redis, clock } = setUp()
    const { store, look } = start({ subscribe: redis.subscribe })
    await look()
    redis.commands.length = 0
    for (let seconds = 1; seconds <= 5; seconds += 1) {
      clock.advanceSeconds(1)
      expect(store.catchUp()).toBeUndefined()
      await settle()
      expect(redis.count('LINDEX')).toBe(seconds)
    }
  })

  it('waits for a look where none has shown for two seconds that a subscription is alive', async () => {
    const { start, redis, clock } = setUp()
    const [writer, reader] = [start(), start({ subscribe: redis.subscribe })]
    await reader.look()
    redis.isSubscribed = false
    await writer.forget('ann')
    clock.advanceSeconds(2)
    await reader.store.catchUp()
    expect(reader.learned).toEqual(['user ann'])
  })

  for (const [what, hasSubscription, seconds] of [
    ['a second', false, 1],
    ['two seconds with a subscription', true, 2],
  ] as const) {
    it(`waits for a look ${what} after the last one began, however late the store answered that`, async () => {
      const { start, redis, clock } = setUp()
      const { store } = start({ subscribe: hasSubscription ? redis.subscribe : (undefined as never) })
      const held = createDeferred<void>()
      redis.before = () => held.promise
      const first = store.catchUp()
      clock.advanceSeconds(0.09)
      held.resolve()
      await first
      expect(store.catchUp()).toBeUndefined()
      clock.advanceSeconds(seconds - 0.09)
      expect(store.catchUp()).toBeInstanceOf(Promise)
    })
  }

  for (const [what, subscribe] of [
    ['fails', () => Promise.reject(new Error('later'))],
    ['never ends', () => new Promise(() => {})],
  ] as const) {
    it(`waits for a look that is due where the application's function ${what}`, async () => {
      const { start, clock } = setUp()
      const { store, look } = start({ subscribe })
      await look()
      clock.advanceSeconds(1)
      expect(store.catchUp()).toBeInstanceOf(Promise)
    })
  }

  it('waits for the deadline once a second where the store does not answer, and no more after five times', async () => {
    const { start, redis, clock } = setUp()
    const { store, look } = start()
    await look()
    redis.before = () => new Promise(() => {})
    for (let times = 1; times <= 5; times += 1) {
      clock.advanceSeconds(1)
      const wait = store.catchUp()
      expect(wait).toBeInstanceOf(Promise)
      clock.advanceSeconds(0.1)
      await wait
      expect(store.catchUp()).toBeUndefined()
    }
    clock.advanceSeconds(1)
    expect(store.catchUp()).toBeUndefined()
  })

  it('waits until the next look that is due where one was refused', async () => {
    const { start, redis, clock } = setUp()
    const { store, look } = start()
    await look()
    redis.before = () => Promise.reject(new Error('READONLY'))
    clock.advanceSeconds(1)
    await store.catchUp()
    expect(store.catchUp()).toBeUndefined()
    redis.before = () => {}
    clock.advanceSeconds(1)
    expect(store.catchUp()).toBeInstanceOf(Promise)
  })

  it('waits for nothing after close()', async () => {
    const { start, clock } = setUp()
    const { store, look } = start()
    await look()
    store.close()
    clock.advanceSeconds(1)
    expect(store.catchUp()).toBeUndefined()
  })
})

describe('the subscription', () => {
  it('begins with the first request, and ends with close()', async () => {
    const { start, redis } = setUp()
    const end = vi.fn()
    const subscribe = vi.fn<NonNullable<RedisStoreOptions['subscribe']>>(async () => end)
    const { store, look } = start({ subscribe })
    expect(subscribe).not.toHaveBeenCalled()
    await look()
    await look()
    expect(subscribe.mock.calls).toEqual([['zitadel-auth:revoked', expect.any(Function)]])
    store.close()
    await settle()
    expect(end).toHaveBeenCalledTimes(1)
    redis.commands.length = 0
    await look()
    expect([await store.find('key', 1_000), redis.commands]).toEqual([undefined, []])
  })

  it('ends too where it had not begun when close() was called', async () => {
    const { start } = setUp()
    const begun = createDeferred<() => void>()
    const end = vi.fn()
    const { store, look } = start({ subscribe: () => begun.promise })
    await look()
    store.close()
    begun.resolve(end)
    await settle()
    expect(end).toHaveBeenCalledTimes(1)
  })

  for (const [what, subscribe] of [
    [
      'throws',
      () => {
        throw new Error('at once')
      },
    ],
    ['rejects', () => Promise.reject(new Error('later'))],
    ['never ends', () => new Promise(() => {})],
    ['gives no function', () => 1],
    ['gives a function that throws', () => () => Promise.reject(new Error('at the end'))],
  ] as const) {
    it(`harms nothing where the application's function ${what}`, async () => {
      const { start } = setUp()
      const writer = start()
      const { store, look, learned } = start({ subscribe })
      await look()
      await writer.forget('ann')
      await look()
      expect(learned).toEqual(['user ann'])
      store.close()
      await settle()
    })
  }

  it('is tried again after five seconds', async () => {
    const { start } = setUp()
    const subscribe = vi.fn(() => Promise.reject(new Error('later')))
    const { look } = start({ subscribe })
    for (let seconds = 0; seconds < 11; seconds += 1) await look()
    expect(subscribe).toHaveBeenCalledTimes(3)
  })

  it('reads no message that is longer than any of this library', async () => {
    const { start, list } = setUp()
    let listener = (_message: string): void => {}
    const writer = start()
    const { look, learned } = start({
      subscribe: (_channel, listen) => {
        listener = listen
      },
    })
    await look()
    await writer.forget('ann')
    listener(`${list()[0]} ${'a '.repeat(128 * 1_024)}`)

    expect(learned).toEqual([])
  })

  it('takes whatever a client calls its listener with, also after close()', async () => {
    const { start, list } = setUp()
    const listeners: ((message: never) => void)[] = []
    const writer = start()
    const { store, look, learned } = start({ subscribe: (_channel, listener) => void listeners.push(listener) })
    await look()
    for (const message of [undefined, null, 5, {}, [], Symbol('s'), '', ' ', Buffer.from([255]), new Error('no')]) {
      for (const listen of listeners) listen(message as never)
    }
    expect(learned).toEqual([])
    await writer.forget('ann')
    for (const listen of listeners) listen(Buffer.from(list()[0] ?? '') as never)
    expect(learned).toEqual(['user ann'])
    store.close()
    for (const listen of listeners) listen(list()[0] as never)
    expect(learned).toEqual(['user ann'])
  })
})

describe('the log', () => {
  it('takes an error that fails when it is looked at', async () => {
    const { start, redis, logger } = setUp()
    const { look } = start()
    const fail = () => {
      throw new Error('of the getter')
    }
    redis.before = () => Promise.reject(new Proxy({}, { get: fail, getPrototypeOf: fail }))
    await look()

    expect(logger.warn.mock.lastCall?.[0]).toMatch(/fails \(an error\)/)
  })

  it('says each cause once a minute, and what to do', async () => {
    const { start, redis, logger, clock } = setUp()
    const { look } = start()
    redis.before = () => Promise.reject(new Error('WRONGPASS invalid username-password pair'))
    for (let seconds = 0; seconds < 70; seconds += 1) await look()
    expect(logger.warn.mock.calls).toEqual(
      Array(2).fill([
        '[zitadel-auth] the store of the cache fails (WRONGPASS), so ZITADEL is asked instead: give the client the right password',
      ]),
    )
    redis.before = () => Promise.reject(Object.assign(new Error('secret'), { code: 'secret', name: 'secret' }))
    clock.advanceSeconds(60)
    await look()
    expect(logger.warn.mock.lastCall?.[0]).toMatch(/fails \(an error\)/)
  })
})

describe('createRedisStore', () => {
  for (const [options, message] of [
    [undefined, 'createRedisStore takes an object of options'],
    [{}, 'sendCommand is a function that sends a command to Redis'],
    [{ sendCommand: 'GET' }, 'sendCommand is a function that sends a command to Redis'],
    [{ sendCommand() {}, subscribe: true }, 'subscribe is a function that subscribes to a channel'],
    [{ sendCommand() {}, timeoutMs: 0 }, /^timeoutMs is a whole number/],
    [{ sendCommand() {}, prefix: '' }, 'prefix is a text that is not empty'],
    [{ sendCommand() {}, ttl: 5 }, /^unknown option of createRedisStore "ttl"/],
  ] as const) {
    it(`takes ${JSON.stringify(options)} for a mistake`, () =>
      expect(() => createRedisStore(options as never)).toThrow(message))
  }
})

async function settle(): Promise<void> {
  for (let turns = 0; turns < 60; turns += 1) await new Promise((resolve) => setImmediate(resolve))
}
