import { setImmediate } from 'node:timers/promises'
import fc from 'fast-check'
import { type AuthorizationError, isAuthorizationError } from '../../packages/core/src/errors/authorization-error.js'
import { createRedisStore } from '../../packages/core/src/redis.js'
import type { BearerToken } from '../../packages/core/src/request/bearer-token.js'
import { createCachedVerifier } from '../../packages/core/src/verification/cached.js'
import { createIntrospectionVerifier } from '../../packages/core/src/verification/introspection.js'
import { requireAcceptable } from '../../packages/core/src/verification/require-acceptable.js'
import { createFakeRedis } from '../../packages/core/test/fake-redis.js'
import { createManualClock } from '../../packages/core/test/manual-clock.js'

const ttlSeconds = 30
const tokens = ['a', 'b'] as const
/** By so many seconds the clock of each process is ahead: no two differ by more than five. */
const skews = [0, 2.4, -2.4] as const

type Token = (typeof tokens)[number]

/** What may happen to processes that share a store. */
export type StoreEvent =
  | { readonly kind: 'look'; readonly process: number; readonly token: Token }
  | { readonly kind: 'forget'; readonly process: number; readonly token: Token | 'all' }
  | { readonly kind: 'become'; readonly token: Token; readonly isActive: boolean }
  | { readonly kind: 'pass'; readonly ms: number }
  | { readonly kind: 'redis'; readonly becomes: 'down' | 'up' | 'empty' | 'deaf' | 'read-only' }

/** Any such sequence; `calm` without anything that happens to the store itself. */
export function createStoreEvents(weather: 'calm' | 'any'): fc.Arbitrary<readonly StoreEvent[]> {
  const process = fc.nat(skews.length - 1)
  // Mostly about one, so that what happens to it meets.
  const token = fc.constantFrom('a' as const, 'a' as const, 'a' as const, 'b' as const)
  const all: readonly fc.WeightedArbitrary<StoreEvent>[] = [
    { weight: 12, arbitrary: fc.record({ kind: fc.constant('look' as const), process, token }) },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('forget' as const),
        process,
        token: fc.constantFrom(...tokens, 'all' as const),
      }),
    },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('become' as const), token, isActive: fc.boolean() }) },
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constant('pass' as const),
        ms: fc.constantFrom(500, 2_000, 12_000, 24_500, 29_000),
      }),
    },
  ]
  const becomes = fc.constantFrom(
    'down' as const,
    'up' as const,
    'empty' as const,
    'deaf' as const,
    'read-only' as const,
  )
  const store = { weight: 3, arbitrary: fc.record({ kind: fc.constant('redis' as const), becomes }) }
  return fc.array(fc.oneof(...all, ...(weather === 'any' ? [store] : [])), { maxLength: 40, size: 'max' })
}

/** Lets it happen, and tells what went against a promise; undefined where nothing did. */
export async function findBrokenPromise(
  weather: 'calm' | 'any',
  events: readonly StoreEvent[],
): Promise<string | undefined> {
  const clock = createManualClock()
  const redis = createFakeRedis(clock)
  /** When each token was good last; infinite where it is. */
  const lastActiveMs = new Map<Token, number>(tokens.map((token) => [token, Number.POSITIVE_INFINITY]))
  const forgottenMs = new Map<string, number>()
  const isActive = (token: Token): boolean => lastActiveMs.get(token) === Number.POSITIVE_INFINITY
  const processes = skews.map((seconds) => startProcess({ ...clock, now: () => clock.now() + seconds * 1_000 }))

  function startProcess(own: typeof clock) {
    const store = createRedisStore({ sendCommand: redis.sendCommand, subscribe: redis.subscribe })
    const identity = ['https://zitadel.example', 'client-1', undefined]
    const logger = { warn() {}, error() {} }
    const ask = createIntrospectionVerifier(
      async (token, asking) => {
        asking.isSent = true
        const exp = clock.now() / 1_000 + 3_600
        return isActive(token as string as Token) ? { active: true, sub: token, aud: 'api', exp } : { active: false }
      },
      { requireBelievable: async () => {} },
    )
    return createCachedVerifier(ask, {
      ask,
      cache: { ttlSeconds, maxEntries: 10 },
      clock: own,
      requireAcceptable: (claims, nowMs) =>
        requireAcceptable(claims, { issuers: [], audience: undefined }, nowMs / 1_000),
      connectStore: (listener) => store.connect({ ...listener, identity, secret: 'words', clock: own, logger }),
    })
  }

  async function look(index: number, token: Token): Promise<string | undefined> {
    const isLetPass = await processes[index]?.verify(token as string as BearerToken).then(
      () => true,
      (error: unknown) => !isRefusal(error),
    )
    if (!isLetPass) return isActive(token) ? 'refused, and ZITADEL says that it is good' : undefined
    const until = lastActiveMs.get(token) ?? 0
    // What the clocks of two processes differ by may be added to the time of an answer.
    if (clock.elapsed() - until > ttlSeconds * 1_000 + 4_800) return 'let pass on an answer that is too old'
    if (until < (forgottenMs.get(`${index} ${token}`) ?? 0)) return 'let pass after it was forgotten'
    return undefined
  }

  function forget(index: number, token: Token | 'all'): void {
    if (token === 'all') processes[index]?.forgetAll()
    else processes[index]?.forget({ userId: token })
    for (const each of token === 'all' ? tokens : [token]) {
      for (const other of weather === 'calm' ? skews.keys() : [index])
        forgottenMs.set(`${other} ${each}`, clock.elapsed())
    }
  }

  function change(becomes: Extract<StoreEvent, { readonly kind: 'redis' }>['becomes']): void {
    if (becomes === 'empty') redis.flush()
    redis.isSubscribed = becomes !== 'deaf'
    redis.before = ([name]) => {
      const isRead = /^(GET|L(INDEX|RANGE))$/.test(name)
      if (becomes === 'down' || (becomes === 'read-only' && !isRead)) throw new Error('READONLY')
    }
  }

  for (const event of events) {
    if (event.kind === 'pass') clock.advanceSeconds(event.ms / 1_000)
    if (event.kind === 'redis') change(event.becomes)
    if (event.kind === 'forget') forget(event.process, event.token)
    if (event.kind === 'become' && event.isActive !== isActive(event.token)) {
      lastActiveMs.set(event.token, event.isActive ? Number.POSITIVE_INFINITY : clock.elapsed())
    }
    const broken = event.kind === 'look' ? await look(event.process, event.token) : undefined
    if (broken !== undefined) return broken
    for (let turns = 0; turns < 12; turns += 1) await setImmediate()
  }
  return undefined
}

function isRefusal(error: unknown): error is AuthorizationError {
  return isAuthorizationError(error) && error.code === 'ERR_TOKEN_INVALID'
}
