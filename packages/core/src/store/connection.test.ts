import { describe, expect, it, vi } from 'vitest'
import { createDeferred } from '../../test/deferred.js'
import { createManualClock } from '../../test/manual-clock.js'
import { createConnection, StoreTimeout } from './connection.js'
import type { SendCommand } from './redis-store-options.js'

function setUp() {
  const clock = createManualClock()
  const sendCommand = vi.fn<SendCommand>(async () => 'answer')
  const tell = vi.fn()
  const connection = createConnection({ sendCommand, timeoutMs: 100, clock, tell })
  const get = (waiting: 'awaited' | 'unawaited' = 'awaited') =>
    connection.run(() => connection.send('GET', 'key'), waiting)
  /** Fails as often as it takes. */
  const open = async () => {
    sendCommand.mockRejectedValue(new Error('down'))
    for (let failures = 0; failures < 5; failures += 1) await get()
    sendCommand.mockResolvedValue('answer')
    sendCommand.mockClear()
  }
  return { clock, sendCommand, tell, connection, get, open, sent: () => sendCommand.mock.calls.length }
}

describe('a connection', () => {
  it('gives the answer', async () => {
    const { get, sendCommand } = setUp()
    expect(await get()).toBe('answer')
    expect(sendCommand.mock.calls).toEqual([[['GET', 'key']]])
  })

  it('takes what is no promise', async () => {
    const { get, sendCommand } = setUp()
    sendCommand.mockReturnValueOnce('at once' as never)
    expect(await get()).toBe('at once')
  })

  for (const [what, fail] of [
    ['throws', () => setUpThrow(new Error('at once'))],
    ['throws nothing', () => setUpThrow(undefined)],
    ['rejects', () => Promise.reject(new Error('later'))],
    ['rejects with nothing', () => Promise.reject(undefined)],
  ] as const) {
    it(`gives nothing where the application's function ${what}`, async () => {
      const { get, sendCommand, tell } = setUp()
      sendCommand.mockImplementationOnce(fail)
      expect(await get()).toBeUndefined()
      expect(tell).toHaveBeenCalledTimes(1)
    })
  }

  it('waits no longer than its deadline for what never ends', async () => {
    const { get, sendCommand, tell, clock } = setUp()
    sendCommand.mockReturnValueOnce(new Promise(() => {}))
    const given = get()
    await settle()
    clock.advanceSeconds(0.099)
    await settle()
    expect(tell).not.toHaveBeenCalled()
    clock.advanceSeconds(0.001)
    expect(await given).toBeUndefined()
    expect(tell.mock.calls).toEqual([[expect.any(StoreTimeout)]])
  })

  it('waits no longer for several commands than for one', async () => {
    const { connection, sendCommand, clock } = setUp()
    const first = createDeferred<string>()
    sendCommand.mockReturnValueOnce(first.promise).mockReturnValueOnce(new Promise(() => {}))
    const given = connection.run(async () => {
      await connection.send('GET', '1')
      await connection.send('GET', '2')
      return 'both'
    }, 'awaited')
    await settle()
    clock.advanceSeconds(0.06)
    first.resolve('one')
    await settle()
    clock.advanceSeconds(0.04)
    expect(await given).toBeUndefined()
  })

  it('is not tried by requests after five failures in a row', async () => {
    const { get, open, sent } = setUp()
    await open()
    expect(await get()).toBeUndefined()
    expect(sent()).toBe(0)
  })

  it('is tried as long as there are answers between failures', async () => {
    const { get, sendCommand, connection } = setUp()
    for (let rounds = 0; rounds < 4; rounds += 1) {
      for (let failures = 0; failures < 4; failures += 1) {
        sendCommand.mockRejectedValueOnce(new Error('down'))
        await get()
      }
      await get()
    }
    expect(connection.isOpen).toBe(false)
  })

  it('is tried again by what nobody waits for, after 1, 2, 4 and then every 5 seconds', async () => {
    const { get, open, sendCommand, clock, sent } = setUp()
    await open()
    sendCommand.mockRejectedValue(new Error('down'))
    const tries: number[] = []
    for (let tenths = 0; tenths < 250; tenths += 1) {
      await get('unawaited')
      await get()
      tries.push(...Array(sent() - tries.length).fill(tenths / 10))
      clock.advanceSeconds(0.1)
    }
    expect(tries).toEqual([1, 3, 7, 12, 17, 22])
  })

  it('serves requests again once such a try has been answered', async () => {
    const { get, open, clock } = setUp()
    await open()
    clock.advanceSeconds(1)
    expect(await get()).toBeUndefined()
    expect(await get('unawaited')).toBe('answer')
    expect(await get()).toBe('answer')
  })

  it('gives a client that keeps its commands no more of them, but one a minute', async () => {
    const { get, open, sendCommand, clock, sent } = setUp()
    await open()
    sendCommand.mockReturnValue(new Promise(() => {}))
    for (let seconds = 0; seconds < 130; seconds += 1) {
      clock.advanceSeconds(1)
      void get('unawaited')
      await settle()
    }
    expect(sent()).toBe(3)
  })

  it('is tried at once when such a client has answered', async () => {
    const { get, open, sendCommand, clock } = setUp()
    await open()
    const kept = createDeferred<string>()
    sendCommand.mockReturnValueOnce(kept.promise)
    clock.advanceSeconds(1)
    void get('unawaited')
    await settle()
    clock.advanceSeconds(0.1)
    await settle()
    kept.resolve('late')
    await settle()
    expect(await get('unawaited')).toBe('answer')
    expect(await get()).toBe('answer')
  })

  it('has no more under way than a thousand', async () => {
    const { get, sendCommand, sent, clock } = setUp()
    sendCommand.mockReturnValue(new Promise(() => {}))
    const all = Array.from({ length: 1_200 }, () => get())
    await settle()
    expect(sent()).toBe(1_000)
    clock.advanceSeconds(0.1)
    expect(new Set(await Promise.all(all))).toEqual(new Set([undefined]))
  })
})

function setUpThrow(thrown: unknown): never {
  throw thrown
}

async function settle(): Promise<void> {
  for (let turns = 0; turns < 5; turns += 1) await new Promise((resolve) => setImmediate(resolve))
}
