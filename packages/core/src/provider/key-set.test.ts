import { once } from 'node:events'
import { createServer, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { createDeferred } from '../../test/deferred.js'
import { authorizationError, outcomeOf } from '../../test/expected-errors.js'
import { createRestlessClock, globalFetch } from '../../test/network.js'
import { generateSigningKey, type SigningKey } from '../../test/signing-keys.js'
import { AuthorizationError } from '../errors/authorization-error.js'
import type { Publish } from '../internal/diagnostics.js'
import { createFetchJson } from './fetch-json.js'
import { readKeySet, type VerificationKey } from './json-web-key.js'
import { createKeySet, isKeyUnknown, type KeySet } from './key-set.js'
import { createFetchTransport } from './transport/fetch-transport.js'

let key: SigningKey
beforeAll(async () => {
  key = await generateSigningKey('ES256')
})

/** One key under several names: what it verifies is none of this file's business. */
const setOf = (...keyIds: readonly string[]) => ({ keys: keyIds.map((kid) => ({ ...key.publicJwk, kid })) })

const answer =
  (body: unknown, headers: Readonly<Record<string, string>> = {}, status = 200): RequestListener =>
  (_, response) =>
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body))

const publishing = (...keyIds: readonly string[]) => answer(setOf(...keyIds), { 'Cache-Control': 'max-age=300' })
const failing: RequestListener = (_, response) => response.writeHead(500).end()

/** Keeps an answer until the test gives it. */
function holding() {
  const arrived = createDeferred<ServerResponse>()
  return { listener: ((_, response) => arrived.resolve(response)) as RequestListener, arrived: arrived.promise }
}

/** A real server for the keys, with time that moves by hand. */
async function setUp({ initial, listener = publishing('a') }: { initial?: object; listener?: RequestListener } = {}) {
  const clock = createRestlessClock()
  const serve = vi.fn<RequestListener>(listener)
  const server = createServer(serve)
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const jwksUri = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/oauth/v2/keys`)
  const announced = vi.fn<(event: object) => void>()
  const publish: Publish = (_, toEvent) => announced(toEvent())
  const discover = vi.fn(async () => ({ jwksUri }))
  const keys = createKeySet({
    discover,
    fetchJson: createFetchJson({ transport: createFetchTransport(globalFetch), timeoutMs: 5_000, clock }),
    headers: { 'x-zitadel-instance-host': 'zitadel.example' },
    clock,
    publish,
    initial: readKeySet(initial),
  })
  const find = async (keyId: string) => (await keys.find(keyId, 'ES256'))?.keyId
  return { keys, find, serve, discover, announced, clock, asked: () => serve.mock.calls.length }
}

/** Sets where between half a backoff and a whole one chance falls. */
function setChance(chance: number): void {
  const spy = vi.spyOn(Math, 'random').mockReturnValue(chance)
  onTestFinished(() => spy.mockRestore())
}

const unavailable = authorizationError('ERR_PROVIDER_UNAVAILABLE', 'ZITADEL answered with status 500', { status: 503 })

describe('a key set', () => {
  it('asks nobody before a key is needed', async () => expect((await setUp()).asked()).toBe(0))

  it('asks once for all who need a key at once', async () => {
    const { find, serve, asked } = await setUp()
    const { listener, arrived } = holding()
    serve.mockImplementation(listener)
    const found = Promise.all(Array.from({ length: 100 }, (_, index) => find(index % 2 === 0 ? 'a' : 'b')))
    publishing('a', 'b')(undefined as never, (await arrived) as never)
    expect(new Set(await found)).toEqual(new Set(['a', 'b']))
    expect(asked()).toBe(1)
  })

  it("asks at the address that ZITADEL names, under this instance's name", async () => {
    const { find, serve } = await setUp()
    await find('a')
    const { method, url, headers } = serve.mock.calls[0]?.[0] ?? {}
    expect({ method, url }).toEqual({ method: 'GET', url: '/oauth/v2/keys' })
    expect(headers).toMatchObject({ 'x-zitadel-instance-host': 'zitadel.example', accept: 'application/json' })
    expect(headers).not.toHaveProperty('authorization')
  })

  it('finds a key by name and algorithm', async () => {
    const { keys } = await setUp()
    expect(await keys.find('a', 'ES256')).toMatchObject({ keyId: 'a', algorithm: 'ES256' })
    expect(await keys.find('a', 'RS256')).toBeUndefined()
  })

  it('is ready when it has keys, and then has them', async () => {
    const { keys, find, asked } = await setUp()
    await keys.ready()
    await find('a')
    expect(asked()).toBe(1)
  })

  it('tells that one key has taken the place of another', async () => {
    const { find, serve, clock, announced } = await setUp()
    await find('a')
    serve.mockImplementation(publishing('b'))
    clock.advanceSeconds(300)
    await find('b')
    expect(announced.mock.calls.slice(1)).toEqual([[{ added: ['b'], removed: ['a'] }]])
  })

  it('tells what is new and what is gone, and only then', async () => {
    const { find, serve, clock, announced } = await setUp()
    await find('a')
    serve.mockImplementation(publishing('b', 'c'))
    clock.advanceSeconds(300)
    await find('b')
    clock.advanceSeconds(300)
    await find('b')
    expect(announced.mock.calls).toEqual([[{ added: ['a'], removed: [] }], [{ added: ['b', 'c'], removed: ['a'] }]])
  })
})

describe('the age of keys', () => {
  for (const [header, seconds] of [
    ['max-age=300, must-revalidate', 300],
    ['max-age=45', 45],
    ['max-age=0', 30],
    ['max-age=1', 30],
    ['no-store', 30],
    ['max-age=86400', 3_600],
    ['', 300],
    ['private', 300],
  ] as const) {
    it(`is ${seconds} seconds at most where ZITADEL says ${JSON.stringify(header)}`, async () => {
      const { find, clock, asked } = await setUp({ listener: answer(setOf('a'), { 'Cache-Control': header }) })
      await find('a')
      clock.advanceSeconds(seconds - 0.001)
      await find('a')
      expect(asked()).toBe(1)
      clock.advanceSeconds(0.001)
      await find('a')
      expect(asked()).toBe(2)
    })
  }

  it('is 300 seconds where ZITADEL does not say', async () => {
    const { find, clock, asked } = await setUp({ listener: answer(setOf('a')) })
    await find('a')
    clock.advanceSeconds(299.999)
    await find('a')
    expect(asked()).toBe(1)
    clock.advanceSeconds(0.001)
    await find('a')
    expect(asked()).toBe(2)
  })

  it('ends the trust in a key that ZITADEL has deleted', async () => {
    const { find, serve, clock, asked } = await setUp({ listener: publishing('a', 'b') })
    expect(await find('b')).toBe('b')
    serve.mockImplementation(publishing('a'))
    clock.advanceSeconds(299.999)
    expect(await find('b')).toBe('b')
    clock.advanceSeconds(0.001)
    expect(await find('b')).toBeUndefined()
    expect(asked()).toBe(2)
  })

  it('ends with a new set, which replaces the old one whole', async () => {
    const { find, serve, clock } = await setUp({ listener: publishing('a', 'b') })
    await find('a')
    serve.mockImplementation(publishing('c'))
    clock.advanceSeconds(300)
    expect([await find('c'), await find('a'), await find('b')]).toEqual(['c', undefined, undefined])
  })

  for (const [what, body] of [
    ['no keys', { keys: [] }],
    [
      'no key that can be used',
      { keys: [{ kty: 'oct', k: 'c2VjcmV0', kid: 'a', alg: 'HS256' }, { kid: 'b' }, null, 7] },
    ],
    ['keys without a name', { keys: [{ kty: 'EC', crv: 'P-256', alg: 'ES256' }] }],
    ['keys for something else', { keys: [{ kty: 'EC', crv: 'P-256', alg: 'ES256', kid: 'a', use: 'enc' }] }],
  ] as const) {
    it(`does not end the trust in good keys when ZITADEL publishes ${what}, for an hour`, async () => {
      const { find, keys, serve, clock, asked } = await setUp()
      const good = (await keys.find('a', 'ES256')) as VerificationKey
      serve.mockImplementation(answer(body))
      clock.advanceSeconds(300)
      expect(await find('a')).toBe('a')
      expect(asked()).toBe(2)
      expect(keys.isPublished(good)).toBe(true)
      clock.advanceSeconds(3_600)
      await expect(find('a')).rejects.toThrow(
        authorizationError('ERR_PROVIDER_UNAVAILABLE', 'the keys of ZITADEL do not read (status 200)'),
      )
      expect(keys.isPublished(good)).toBe(false)
    })

    it(`is no age at all when ZITADEL publishes ${what} from the start`, async () => {
      const { find } = await setUp({ listener: answer(body) })
      await expect(find('a')).rejects.toThrow(
        authorizationError('ERR_PROVIDER_UNAVAILABLE', 'the keys of ZITADEL do not read (status 200)'),
      )
    })
  }

  it('takes what can be used of a set, and leaves out the rest', async () => {
    const junk = [null, 7, {}, { kid: 'x' }, { kty: 'oct', k: 'c2VjcmV0', kid: 'y', alg: 'HS256' }]
    const { find } = await setUp({ listener: answer({ keys: [...junk, ...setOf('a').keys] }) })
    expect(await find('a')).toBe('a')
    expect([await find('x'), await find('y')]).toEqual([undefined, undefined])
  })

  it('keeps one request waiting for new keys, and lets all others go on with the old', async () => {
    const { find, serve, clock, asked } = await setUp()
    await find('a')
    const { listener, arrived } = holding()
    serve.mockImplementation(listener)
    clock.advanceSeconds(300)
    const first = find('a')
    expect(await Promise.all([find('a'), find('a')])).toEqual(['a', 'a'])
    publishing('a')(undefined as never, (await arrived) as never)
    expect(await first).toBe('a')
    expect(asked()).toBe(2)
  })

  it('is that of time that passes, though the clock be set', async () => {
    const { find, clock, asked } = await setUp()
    await find('a')
    for (const seconds of [-86_400, 3 * 86_400]) {
      clock.setNowSeconds(seconds)
      await find('a')
    }
    expect(asked()).toBe(1)
    clock.advanceSeconds(300)
    await find('a')
    expect(asked()).toBe(2)
  })
})

/** Two questions about keys that are not known, the second asked while the first is under way: both are still to be answered. */
async function askTwice({ find, serve }: Pick<Awaited<ReturnType<typeof setUp>>, 'find' | 'serve'>) {
  await find('a')
  const held: ServerResponse[] = []
  serve.mockImplementation((_, response) => void held.push(response))
  const before = find('x')
  await vi.waitFor(() => expect(held).toHaveLength(1))
  const later = find('b')
  await vi.waitFor(() => expect(held).toHaveLength(2))
  return { held, before, later }
}

describe('a key id that nobody knows', () => {
  it('is worth one question, since it may be that of a new key', async () => {
    const { find, serve, clock, asked } = await setUp()
    await find('a')
    serve.mockImplementation(publishing('a', 'b'))
    clock.advanceSeconds(10)
    expect(await find('b')).toBe('b')
    expect(asked()).toBe(2)
  })

  it('is worth a question right after the last, since a new key may have come in between', async () => {
    const { find, serve, asked } = await setUp()
    await find('a')
    expect(await find('b')).toBeUndefined()
    serve.mockImplementation(publishing('a', 'b'))
    expect(await find('b')).toBe('b')
    expect(asked()).toBe(3)
  })

  it('is worth three questions at once and one more every ten seconds; in between nobody knows', async () => {
    const { find, clock, asked } = await setUp()
    await find('a')
    for (const id of ['u', 'v', 'w']) expect(await find(id)).toBeUndefined()
    expect(asked()).toBe(4)
    for (const seconds of [0, 9.999]) {
      clock.advanceSeconds(seconds)
      const error = await outcomeOf(() => find('x'))
      expect(error).toEqual(
        authorizationError('ERR_PROVIDER_UNAVAILABLE', expect.stringContaining('names a key that is not known'), {
          status: 503,
          retryAfterSeconds: 10,
        }),
      )
      expect(isKeyUnknown(error)).toBe(true)
    }
    expect(asked()).toBe(4)
    expect(await find('a')).toBe('a')
    clock.advanceSeconds(0.001)
    expect(await find('x')).toBeUndefined()
    expect(asked()).toBe(5)
    expect(isKeyUnknown(await outcomeOf(() => find('y')))).toBe(true)
    clock.advanceSeconds(3_000)
    for (const id of ['old keys', 'u', 'v', 'w']) await find(id)
    expect(isKeyUnknown(await outcomeOf(() => find('y')))).toBe(true)
  })

  it('is not known while a flood of inventions uses up the questions, and is never taken for one that is not there', async () => {
    const { find, serve, clock } = await setUp()
    await find('a')
    for (const id of ['u', 'v', 'w']) await find(id)
    serve.mockImplementation(publishing('a', 'b'))
    expect(isKeyUnknown(await outcomeOf(() => find('b')))).toBe(true)
    clock.advanceSeconds(10)
    expect(await find('b')).toBe('b')
  })

  it('is not taken for one that is not there by keys that were asked for before', async () => {
    const { find, serve, asked } = await setUp()
    const { held, before, later } = await askTwice({ find, serve })
    publishing('a')(undefined as never, held[0] as never)
    expect(await before).toBeUndefined()
    publishing('a', 'b')(undefined as never, held[1] as never)
    expect(await later).toBe('b')
    expect(asked()).toBe(3)
  })

  it('is not lost when the older of two questions is answered last', async () => {
    const { find, serve, asked } = await setUp()
    const { held, before, later } = await askTwice({ find, serve })
    publishing('b')(undefined as never, held[1] as never)
    expect(await later).toBe('b')
    publishing('a')(undefined as never, held[0] as never)
    await before
    expect(await find('b')).toBe('b')
    expect(asked()).toBe(3)
  })

  it('is no reason to leave ZITADEL alone when the older of two questions fails last', async () => {
    const { find, serve, asked } = await setUp()
    const { held, before, later } = await askTwice({ find, serve })
    publishing('a', 'b')(undefined as never, held[1] as never)
    expect(await later).toBe('b')
    failing(undefined as never, held[0] as never)
    await expect(before).rejects.toThrow(unavailable)
    serve.mockImplementation(publishing('a', 'b', 'c'))
    expect(await find('c')).toBe('c')
    expect(asked()).toBe(4)
  })

  it('is not asked for twice when it is the first', async () => {
    const { find, asked } = await setUp()
    expect(await find('x')).toBeUndefined()
    expect(asked()).toBe(1)
  })

  it('counts for a known id under another algorithm too', async () => {
    const { keys, asked } = await setUp()
    await keys.find('a', 'ES256')
    for (const algorithm of ['ES384', 'RS256', 'EdDSA'] as const) {
      expect(await keys.find('a', algorithm)).toBeUndefined()
    }
    expect(asked()).toBe(4)
    expect(isKeyUnknown(await outcomeOf(() => keys.find('a', 'ES384')))).toBe(true)
  })

  it('costs one question a cooldown, however many are invented', async () => {
    const { find, clock, asked } = await setUp()
    await find('a')
    for (const round of [1, 2, 3]) {
      clock.advanceSeconds(10)
      const forged = Array.from({ length: 1_000 }, (_, index) => find(`forged-${round}-${index}`))
      expect(new Set(await Promise.all(forged))).toEqual(new Set([undefined]))
      expect(asked()).toBe(1 + round)
    }
  })

  it('does not delay a good token while ZITADEL is asked for a thousand forged ones', async () => {
    const { find, serve, clock, asked } = await setUp()
    await find('a')
    const { listener, arrived } = holding()
    serve.mockImplementation(listener)
    clock.advanceSeconds(10)
    const forged = Promise.all(Array.from({ length: 1_000 }, (_, index) => find(`forged-${index}`)))
    const response = await arrived
    expect(await find('a')).toBe('a')
    expect(asked()).toBe(2)
    publishing('a')(undefined as never, response as never)
    expect(new Set(await forged)).toEqual(new Set([undefined]))
    expect(asked()).toBe(2)
  })

  it('waits for the question that is under way, which may bring it', async () => {
    const { find, serve, clock, asked } = await setUp()
    await find('a')
    const { listener, arrived } = holding()
    serve.mockImplementation(listener)
    clock.advanceSeconds(10)
    const found = Promise.all([find('x'), find('b')])
    publishing('a', 'b')(undefined as never, (await arrived) as never)
    expect(await found).toEqual([undefined, 'b'])
    expect(asked()).toBe(2)
  })

  it('asks once more than the one about old keys that was there before it', async () => {
    const { find, serve, clock } = await setUp()
    await find('a')
    const held: ServerResponse[] = []
    serve.mockImplementation((_, response) => void held.push(response))
    clock.advanceSeconds(300)
    const found = Promise.all([find('a'), find('b')])
    await vi.waitFor(() => expect(held).toHaveLength(2))
    for (const response of held) publishing('b')(undefined as never, response as never)
    // Whoever waited for the renewal has the new keys, and asked itself whether there is no such key any more.
    await vi.waitFor(() => expect(held).toHaveLength(2))
    expect((await found)[1]).toBe('b')
  })

  it('does not evict a good key when the question fails, and cannot be decided', async () => {
    const { find, serve, clock } = await setUp()
    await find('a')
    serve.mockImplementation(failing)
    clock.advanceSeconds(10)
    await expect(find('x')).rejects.toThrow(unavailable)
    await expect(find('y')).rejects.toThrow(unavailable)
    expect(await find('a')).toBe('a')
  })

  it('is asked for as often as time passes, though the clock be set', async () => {
    const { find, clock, asked } = await setUp()
    await find('a')
    for (const id of ['u', 'v', 'w']) await find(id)
    for (const seconds of [-86_400, 3 * 86_400]) {
      clock.setNowSeconds(seconds)
      expect(isKeyUnknown(await outcomeOf(() => find('x')))).toBe(true)
    }
    expect(asked()).toBe(4)
  })
})

describe('a failing ZITADEL', () => {
  it('is asked once a backoff, which doubles up to a minute', async () => {
    setChance(1)
    const { find, clock, asked } = await setUp({ listener: failing })
    await expect(find('a')).rejects.toThrow(unavailable)
    const waits = [1, 2, 4, 8, 16, 32, 60, 60, 60]
    for (const [index, seconds] of waits.entries()) {
      clock.advanceSeconds(seconds - 0.001)
      await expect(find('a')).rejects.toThrow(unavailable)
      expect(asked()).toBe(index + 1)
      clock.advanceSeconds(0.001)
      await expect(find('a')).rejects.toThrow(unavailable)
      expect(asked()).toBe(index + 2)
    }
  })

  it('is asked half a backoff later at the earliest', async () => {
    setChance(0)
    const { find, clock, asked } = await setUp({ listener: failing })
    await expect(find('a')).rejects.toThrow(unavailable)
    for (const [index, seconds] of [0.5, 1, 2, 4, 8, 16, 30, 30].entries()) {
      clock.advanceSeconds(seconds - 0.001)
      await expect(find('a')).rejects.toThrow(unavailable)
      expect(asked()).toBe(index + 1)
      clock.advanceSeconds(0.001)
      await expect(find('a')).rejects.toThrow(unavailable)
      expect(asked()).toBe(index + 2)
    }
  })

  it('is asked once for all who need a key at once, and all are told, each by an error of their own', async () => {
    const { find, asked } = await setUp({ listener: failing })
    const outcomes = await Promise.all(Array.from({ length: 100 }, (_, index) => outcomeOf(() => find(`key-${index}`))))
    expect(outcomes).toEqual(outcomes.map(() => unavailable))
    expect(new Set(outcomes).size).toBe(100)
    expect(asked()).toBe(1)
  })

  it('is told by an error of its own to every request in a backoff, with the cause of the first', async () => {
    const { find, discover } = await setUp()
    const cause = Object.assign(new Error('why'), { code: 'ECONNRESET' })
    discover.mockRejectedValueOnce(new AuthorizationError('ERR_PROVIDER_UNAVAILABLE', 'no answer', { cause }))
    const errors = [
      await outcomeOf(() => find('a')),
      await outcomeOf(() => find('a')),
      await outcomeOf(() => find('a')),
    ]
    const failure = authorizationError('ERR_PROVIDER_UNAVAILABLE', 'no answer', {
      cause: { name: 'Error', code: 'ECONNRESET' },
    })
    expect(errors).toEqual([failure, failure, failure])
    expect(new Set(errors).size).toBe(3)
    expect(discover).toHaveBeenCalledTimes(1)
  })

  it('is left alone for as long as it asks to be', async () => {
    const { find, clock, asked } = await setUp({
      listener: (_, response) => response.writeHead(429, { 'Retry-After': '45' }).end(),
    })
    await expect(find('a')).rejects.toMatchObject({ retryAfterSeconds: 45 })
    clock.advanceSeconds(44.999)
    await expect(find('a')).rejects.toMatchObject({ retryAfterSeconds: 45 })
    expect(asked()).toBe(1)
    clock.advanceSeconds(0.001)
    await expect(find('a')).rejects.toMatchObject({ retryAfterSeconds: 45 })
    expect(asked()).toBe(2)
  })

  it('is left alone as long as time passes, though the clock be set', async () => {
    setChance(1)
    const { find, serve, clock } = await setUp({ listener: failing })
    await expect(find('a')).rejects.toThrow(unavailable)
    serve.mockImplementation(publishing('a'))
    for (const seconds of [-86_400, 3 * 86_400]) {
      clock.setNowSeconds(seconds)
      await expect(find('a')).rejects.toThrow(unavailable)
    }
    clock.advanceSeconds(1)
    expect(await find('a')).toBe('a')
  })

  it('starts its backoff anew after a success', async () => {
    setChance(1)
    const { find, serve, clock, asked } = await setUp({ listener: failing })
    for (const seconds of [0, 1, 2, 4]) {
      clock.advanceSeconds(seconds)
      await expect(find('a')).rejects.toThrow(unavailable)
    }
    serve.mockImplementation(publishing('a'))
    clock.advanceSeconds(8)
    expect(await find('a')).toBe('a')
    serve.mockImplementation(failing)
    clock.advanceSeconds(10)
    await expect(find('x')).rejects.toThrow(unavailable)
    expect(asked()).toBe(6)
    clock.advanceSeconds(0.999)
    await expect(find('x')).rejects.toThrow(unavailable)
    expect(asked()).toBe(6)
    clock.advanceSeconds(0.001)
    await expect(find('x')).rejects.toThrow(unavailable)
    expect(asked()).toBe(7)
  })

  it('is asked by one request a backoff, also when it hangs, and old keys serve the others', async () => {
    const { find, serve, clock, asked } = await setUp()
    await find('a')
    const { listener, arrived } = holding()
    serve.mockImplementation(listener)
    clock.advanceSeconds(300)
    const first = find('a')
    const response = await arrived
    expect(await find('a')).toBe('a')
    response.writeHead(500).end()
    expect(await first).toBe('a')
    expect(await find('a')).toBe('a')
    expect(asked()).toBe(2)
  })

  it('leaves the last good keys in use for an hour beyond their age, and no longer', async () => {
    const { find, serve, clock } = await setUp()
    await find('a')
    serve.mockImplementation(failing)
    clock.advanceSeconds(300)
    expect(await find('a')).toBe('a')
    clock.advanceSeconds(3_599.999)
    expect(await find('a')).toBe('a')
    clock.advanceSeconds(0.001)
    await expect(find('a')).rejects.toThrow(unavailable)
    clock.advanceSeconds(86_400)
    await expect(find('a')).rejects.toThrow(unavailable)
  })

  it('is asked at every end of a backoff while old keys serve, and has its new keys taken', async () => {
    setChance(1)
    const { find, serve, clock, asked } = await setUp()
    await find('a')
    serve.mockImplementation(failing)
    clock.advanceSeconds(300)
    await find('a')
    clock.advanceSeconds(0.999)
    await find('a')
    expect(asked()).toBe(2)
    clock.advanceSeconds(0.001)
    await find('a')
    expect(asked()).toBe(3)
    serve.mockImplementation(publishing('b'))
    clock.advanceSeconds(2)
    expect([await find('b'), await find('a')]).toEqual(['b', undefined])
  })

  it('leaves keys in use when the clock was set, and asks no more than before', async () => {
    const { find, serve, clock, asked } = await setUp()
    await find('a')
    serve.mockImplementation(failing)
    for (const seconds of [-86_400, 3 * 86_400]) {
      clock.setNowSeconds(seconds)
      expect(await find('a')).toBe('a')
    }
    expect(asked()).toBe(1)
  })

  it('may be one that cannot be found', async () => {
    const { find, discover, clock, asked } = await setUp()
    const failure = new Error('not found')
    discover.mockRejectedValue(failure)
    await expect(find('a')).rejects.toBe(failure)
    await expect(find('a')).rejects.toBe(failure)
    expect(discover).toHaveBeenCalledTimes(1)
    clock.advanceSeconds(1)
    await expect(find('a')).rejects.toBe(failure)
    expect(discover).toHaveBeenCalledTimes(2)
    expect(asked()).toBe(0)
  })

  it('is asked a second time at once where a proxy answers for it, and not a third time', async () => {
    const { find, asked } = await setUp({ listener: (_, response) => response.writeHead(503).end() })
    await expect(find('a')).rejects.toThrow(authorizationError('ERR_PROVIDER_UNAVAILABLE', expect.any(String)))
    await expect(find('a')).rejects.toThrow(authorizationError('ERR_PROVIDER_UNAVAILABLE', expect.any(String)))
    expect(asked()).toBe(2)
  })
})

describe('an answer that is no set of keys', () => {
  const doesNotRead = (status: number) =>
    authorizationError('ERR_PROVIDER_UNAVAILABLE', `the keys of ZITADEL do not read (status ${status})`)
  const many = Array.from({ length: 101 }, (_, index) => `key-${index}`)

  for (const [what, listener, status] of [
    ['a page', (_: unknown, response: ServerResponse) => response.writeHead(200).end('<html>'), 200],
    ['null', answer(null), 200],
    ['a list', answer([]), 200],
    ['an error in JSON', answer({ error: 'server_error' }), 200],
    ['keys with the status 404', answer({ keys: [] }, {}, 404), 404],
    ['a redirect', answer({ keys: [] }, { Location: '/elsewhere' }, 302), 302],
  ] as const) {
    it(`is a failure: ${what}`, async () => {
      const { find, asked } = await setUp({ listener: listener as RequestListener })
      await expect(find('a')).rejects.toThrow(doesNotRead(status))
      await expect(find('a')).rejects.toThrow(doesNotRead(status))
      expect(asked()).toBe(1)
    })
  }

  it('is a failure: more than a hundred keys', async () => {
    const { find } = await setUp({ listener: publishing(...many) })
    await expect(find('key-0')).rejects.toThrow(doesNotRead(200))
  })

  it('is a failure: more than 1 MiB', async () => {
    const { find } = await setUp({ listener: answer({ keys: [], padding: 'a'.repeat(1024 * 1024) }) })
    await expect(find('a')).rejects.toThrow(
      authorizationError('ERR_PROVIDER_UNAVAILABLE', expect.stringMatching(/more than 1048576 bytes, which/)),
    )
  })

  it('does not replace good keys', async () => {
    const { find, serve, clock } = await setUp()
    await find('a')
    serve.mockImplementation(publishing(...many))
    clock.advanceSeconds(300)
    expect(await find('a')).toBe('a')
  })

  it('is not one that leaks private keys: those are never imported', async () => {
    const { keys } = await setUp({ listener: answer({ keys: [key.privateJwk] }) })
    const found = await keys.find('key-ES256', 'ES256')
    expect(found?.material).not.toContain('"d"')
    expect(await found?.toHasSigned()).toBeTypeOf('function')
  })
})

describe('keys given up front', () => {
  it('need no question', async () => {
    const { keys, find, asked } = await setUp({ initial: setOf('a') })
    await keys.ready()
    expect(await find('a')).toBe('a')
    expect(asked()).toBe(0)
  })

  it('are complemented as soon as somebody names another', async () => {
    const { find, asked } = await setUp({ initial: setOf('a'), listener: publishing('a', 'b') })
    expect(await find('b')).toBe('b')
    expect(asked()).toBe(1)
  })

  it('are replaced by what ZITADEL publishes', async () => {
    const { find } = await setUp({ initial: setOf('a'), listener: publishing('b') })
    expect([await find('b'), await find('a')]).toEqual(['b', undefined])
  })

  it('get old like any others', async () => {
    const { find, clock, asked } = await setUp({ initial: setOf('a') })
    clock.advanceSeconds(299.999)
    await find('a')
    expect(asked()).toBe(0)
    clock.advanceSeconds(0.001)
    await find('a')
    expect(asked()).toBe(1)
  })

  it('serve for an hour beyond their age where ZITADEL cannot be asked', async () => {
    const { find, clock } = await setUp({ initial: setOf('a'), listener: failing })
    clock.advanceSeconds(3_899.999)
    expect(await find('a')).toBe('a')
    clock.advanceSeconds(0.001)
    await expect(find('a')).rejects.toThrow(unavailable)
  })
})

describe('isPublished', () => {
  const findKey = async (keys: KeySet) => (await keys.find('a', 'ES256')) as VerificationKey

  it('knows a key again by what is in it, after keys were fetched anew', async () => {
    const { keys, clock, asked } = await setUp()
    const before = await findKey(keys)
    clock.advanceSeconds(300)
    const after = await findKey(keys)
    expect(after).not.toBe(before)
    expect([keys.isPublished(before), keys.isPublished(after)]).toEqual([true, true])
    expect(asked()).toBe(2)
  })

  it('takes a key that has changed under its name for another one', async () => {
    const { keys, serve, clock } = await setUp()
    const before = await findKey(keys)
    const another = await generateSigningKey('ES256', 'a')
    serve.mockImplementation(answer({ keys: [another.publicJwk] }))
    clock.advanceSeconds(300)
    const after = await findKey(keys)
    expect([keys.isPublished(before), keys.isPublished(after)]).toEqual([false, true])
  })

  it('takes the same material under another name for another key', async () => {
    const { keys, serve, clock } = await setUp()
    const before = await findKey(keys)
    serve.mockImplementation(publishing('b'))
    clock.advanceSeconds(300)
    await keys.find('b', 'ES256')
    expect(keys.isPublished(before)).toBe(false)
  })

  it('renews old keys meanwhile, once, and does not wait for that', async () => {
    const { keys, serve, clock, asked } = await setUp()
    const key = await findKey(keys)
    serve.mockImplementation(publishing('b'))
    clock.advanceSeconds(299.999)
    expect(keys.isPublished(key)).toBe(true)
    clock.advanceSeconds(0.001)
    expect([keys.isPublished(key), keys.isPublished(key)]).toEqual([true, true])
    await vi.waitFor(() => expect(keys.isPublished(key)).toBe(false))
    expect(asked()).toBe(2)
  })

  it('asks no more than once a backoff while that fails', async () => {
    setChance(1)
    const { keys, serve, clock, asked } = await setUp()
    const key = await findKey(keys)
    serve.mockImplementation(failing)
    clock.advanceSeconds(300)
    for (const [seconds, times] of [
      [0, 2],
      [0.999, 2],
      [0.001, 3],
      [1.999, 3],
      [0.001, 4],
    ] as const) {
      clock.advanceSeconds(seconds)
      for (let n = 0; n < 10; n += 1) expect(keys.isPublished(key)).toBe(true)
      await vi.waitFor(() => expect(asked()).toBe(times))
      // The failure is known before the next one asks.
      await outcomeOf(() => keys.ready())
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  })

  it('trusts nothing that is older than an hour beyond its age', async () => {
    const { keys, serve, clock } = await setUp()
    const key = await findKey(keys)
    serve.mockImplementation(failing)
    clock.advanceSeconds(3_899.999)
    expect(keys.isPublished(key)).toBe(true)
    clock.advanceSeconds(0.001)
    expect(keys.isPublished(key)).toBe(false)
  })

  it('knows no key before there are any', async () => {
    const other = await setUp()
    const key = await findKey(other.keys)
    const { keys, asked } = await setUp()
    expect(keys.isPublished(key)).toBe(false)
    expect(asked()).toBe(0)
  })
})

describe('isKeyUnknown', () => {
  for (const value of [
    undefined,
    null,
    'text',
    new Error('no'),
    new AuthorizationError('ERR_PROVIDER_UNAVAILABLE', 'no'),
  ]) {
    it(`is false for ${String(value)}`, () => expect(isKeyUnknown(value)).toBe(false))
  }
})
