import { describe, expect, it, vi } from 'vitest'
import { createFakeRedis } from '../../test/fake-redis.js'
import { createManualClock } from '../../test/manual-clock.js'
import { createAnswerStore } from './answer-store.js'
import { createConnection } from './connection.js'
import { createSealings } from './sealing.js'

const claims = { sub: 'ann' }

function setUp() {
  const clock = createManualClock()
  const redis = createFakeRedis(clock)
  const tell = vi.fn()
  const connect = () => createConnection({ sendCommand: redis.sendCommand, timeoutMs: 100, clock, tell })
  const [reads, writes] = [connect(), connect()]
  const sealings = createSealings({ identity: ['https://zitadel.example', 'client-1', '1'], secret: 'words' }, 'p:')
  const store = createAnswerStore({ reads, writes, sealings, clock, readMarks: async () => {} })
  /** Keeps an answer that was asked for so many seconds ago. */
  const keep = async (agoSeconds: number) => {
    store.keep('key', { askedAtMs: clock.now() - agoSeconds * 1_000, claims }, 30_000)
    await settle()
  }
  const find = () => store.find('key', 30_000)
  /** Puts a text into the place of the answer, as somebody with the credentials would. */
  const put = (text: string) => {
    const { name, seal } = sealings('answer', 'key')
    redis.texts.set(name, seal(text))
  }
  return { clock, redis, store, keep, find, put, sealings, tell }
}

describe('an answer in the store', () => {
  for (const [agoSeconds, isFound] of [
    [-5.001, false],
    [-5, true],
    [0, true],
    [29.999, true],
    [30, false],
  ] as const) {
    it(`that was asked for ${agoSeconds} s ago is ${isFound ? '' : 'not '}found`, async () => {
      const { keep, find } = setUp()
      await keep(agoSeconds)
      expect((await find()) !== undefined).toBe(isFound)
    })
  }

  it('is dropped for all', async () => {
    const { keep, store, redis } = setUp()
    await keep(0)
    store.drop('key')
    await settle()
    expect(redis.texts.size).toBe(0)
  })

  it('that was dropped is found again when it was asked for more than five seconds later', async () => {
    const { keep, find, store, clock } = setUp()
    store.drop('key')
    clock.advanceSeconds(10)
    await keep(5)
    expect(await find()).toBeUndefined()
    await keep(4.999)
    expect(await find()).toEqual({ askedAtMs: clock.now() - 4_999, claims })
  })

  it('is kept in its own place, for a whole number of milliseconds, and not at all for less than one', async () => {
    const { store, redis, clock, sealings } = setUp()
    for (const forMs of [1_000.2, 1, 0.9, 0, -5]) store.keep('key', { askedAtMs: clock.now(), claims }, forMs)
    await settle()
    const { name } = sealings('answer', 'key')
    expect(redis.commands.map(([command, key, , ...rest]) => [command, key, ...rest])).toEqual([
      ['SET', name, 'PX', '1001'],
      ['SET', name, 'PX', '1'],
    ])
  })

  for (const text of ['null', '5', '[]', '{}', '{"askedAtMs":0}', '{"claims":{}}', '{"askedAtMs":"0","claims":{}}']) {
    it(`that another version has written otherwise is none: ${text}`, async () => {
      const { put, find } = setUp()
      put(text)
      expect(await find()).toBeUndefined()
    })
  }

  it('that a client gives as bytes is one', async () => {
    const { keep, find, redis } = setUp()
    await keep(0)
    const [[name, text] = ['', '']] = redis.texts
    redis.texts.set(name, new TextEncoder().encode(text) as never)
    expect(await find()).toMatchObject({ claims })
  })

  for (const reply of [5, {}, ['x'], true, undefined, new Map()]) {
    it(`is none, and no failure, where a client gives ${String(reply)}`, async () => {
      const { keep, find, redis, tell } = setUp()
      await keep(0)
      const [name = ''] = redis.texts.keys()
      redis.texts.set(name, reply as never)
      expect([await find(), tell.mock.calls]).toEqual([undefined, []])
    })
  }
})

async function settle(): Promise<void> {
  for (let turns = 0; turns < 10; turns += 1) await new Promise((resolve) => setImmediate(resolve))
}
