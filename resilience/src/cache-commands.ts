import { setImmediate } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { AuthorizationError, isAuthorizationError } from '../../packages/core/src/errors/authorization-error.js'
import type { BearerToken } from '../../packages/core/src/request/bearer-token.js'
import { type CachedVerifier, createCachedVerifier } from '../../packages/core/src/verification/cached.js'
import { readVerifiedClaims } from '../../packages/core/src/verification/read-claims.js'
import { requireAcceptable } from '../../packages/core/src/verification/require-acceptable.js'
import type { VerifiedClaims } from '../../packages/core/src/verification/verifier.js'
import { CacheModel, type Ending, type Verdict } from './cache-model.js'

const startMs = Date.UTC(2026, 0, 1)
const tokens = ['token-a', 'token-b', 'token-c', 'token-d'] as const
const users = ['ann', 'bob'] as const

/** Few entries and few tokens, so that they meet. */
const settings = { ttlMs: 30_000, staleMs: 20_000, maxEntries: 3 }

/** The cache, and what it is connected to. */
interface Real {
  readonly cache: CachedVerifier
  readonly verdicts: Map<string, Verdict>
  nowMs: number
  elapsedMs: number
  asked: number
  evicted: number
}

type Command = fc.AsyncCommand<CacheModel, Real>

/** Any sequence of what can happen to a cache. */
export function createCacheCommands(): fc.Arbitrary<Iterable<Command>> {
  const token = fc.constantFrom(...tokens)
  const user = fc.constantFrom(...users)
  const expiry = fc.option(fc.integer({ min: -5, max: 120 }), { nil: undefined })
  const active = fc.tuple(fc.nat(), user, expiry).map(
    ([tag, userId, seconds]): Verdict => ({
      kind: 'active',
      tag,
      userId,
      expiresAtSeconds: seconds === undefined ? undefined : startMs / 1_000 + seconds,
    }),
  )
  const verdict = fc.oneof(
    { arbitrary: active, weight: 5 },
    fc.constant<Verdict>({ kind: 'inactive' }),
    fc.constant<Verdict>({ kind: 'down' }),
  )
  return fc.commands(
    [
      fc.tuple(token, verdict).map(([name, says]) => become(name, says)),
      token.map((name) => lookUp('verify', name)),
      token.map((name) => lookUp('verify', name)),
      token.map((name) => lookUp('verifyAgain', name)),
      fc.integer({ min: 0, max: 40_000 }).map(moveTime),
      fc.integer({ min: -10_000, max: 10_000 }).map(setClock),
      token.map((name) => forget({ token: name }, (entry) => entry.token === name)),
      user.map((userId) => forget({ userId }, (entry) => entry.userId === userId)),
    ],
    { maxCommands: 30 },
  )
}

/** Runs the commands on the cache and on its model. */
export function runCacheCommands(commands: Iterable<Command>): Promise<void> {
  return fc.asyncModelRun(() => {
    const model = new CacheModel(settings, startMs)
    return { model, real: createReal() }
  }, commands)
}

function createReal(): Real {
  const verdicts = new Map<string, Verdict>()
  const cache = createCachedVerifier(
    async (token) => {
      real.asked += 1
      return toClaims(verdicts.get(token))
    },
    {
      cache: {
        ttlSeconds: settings.ttlMs / 1_000,
        staleIfErrorSeconds: settings.staleMs / 1_000,
        maxEntries: settings.maxEntries,
      },
      digest: (token) => `digest of ${token}`,
      requireAcceptable: (claims) => requireAcceptable(claims, { issuer: '', audience: undefined }, real.nowMs / 1_000),
      clock: {
        now: () => real.nowMs,
        elapsed: () => real.elapsedMs,
        sleep: () => Promise.reject(new Error('nobody waits for a turn')),
        after: () => () => {},
      },
      publish: (name, toEvent) => {
        if (name === 'cache' && isDeepStrictEqual(toEvent(), { outcome: 'evict' })) real.evicted += 1
      },
    },
  )
  const real: Real = { cache, verdicts, nowMs: startMs, elapsedMs: 0, asked: 0, evicted: 0 }
  return real
}

function toClaims(verdict: Verdict = { kind: 'inactive' }): VerifiedClaims {
  if (verdict.kind === 'down') throw new AuthorizationError('ERR_PROVIDER_UNAVAILABLE', 'down')
  if (verdict.kind === 'inactive') throw new AuthorizationError('ERR_TOKEN_INVALID', 'inactive')
  const { tag, userId, expiresAtSeconds } = verdict
  return readVerifiedClaims({
    sub: userId,
    aud: 'api',
    tag,
    ...(expiresAtSeconds === undefined ? {} : { exp: expiresAtSeconds }),
  })
}

function become(token: string, verdict: Verdict): Command {
  return {
    check: () => true,
    async run(model, real) {
      model.verdicts.set(token, verdict)
      real.verdicts.set(token, verdict)
    },
    toString: () => `ZITADEL says of ${token}: ${JSON.stringify(verdict)}`,
  }
}

function lookUp(how: 'verify' | 'verifyAgain', token: string): Command {
  return {
    check: () => true,
    async run(model, real) {
      const expected = model[how](token)
      const ending = await endingOf(lookers[how](real.cache, token as BearerToken))
      // A renewal goes on after the request that began it.
      await setImmediate()
      const seen = { ending, asked: real.asked, evicted: real.evicted, nowMs: real.nowMs }
      const { asked, evicted, nowMs } = model
      requireEqual(seen, { ending: expected, asked, evicted, nowMs })
    },
    toString: () => `${how} ${token}`,
  }
}

const lookers = {
  verify: async (cache: CachedVerifier, token: BearerToken) => (await cache.verify(token)).claims,
  verifyAgain: (cache: CachedVerifier, token: BearerToken) => cache.verifyAgain(token, cache.begin()),
}

function moveTime(ms: number): Command {
  return {
    check: () => true,
    async run(model, real) {
      for (const each of [model, real]) {
        each.nowMs += ms
        each.elapsedMs += ms
      }
    },
    toString: () => `${ms} ms pass`,
  }
}

function setClock(ms: number): Command {
  return {
    check: () => true,
    async run(model, real) {
      model.nowMs += ms
      real.nowMs += ms
    },
    toString: () => `the clock is set by ${ms} ms`,
  }
}

function forget(target: { token: string } | { userId: string }, isMeant: Parameters<CacheModel['forget']>[0]): Command {
  return {
    check: () => true,
    async run(model, real) {
      model.forget(isMeant)
      real.cache.forget(target)
    },
    toString: () => `forget ${JSON.stringify(target)}`,
  }
}

async function endingOf(look: Promise<VerifiedClaims | undefined>): Promise<Ending> {
  try {
    return (await look)?.claims['tag'] as number | undefined
  } catch (error) {
    if (!isAuthorizationError(error)) throw error
    return error.code as Ending
  }
}

function requireEqual(seen: object, expected: object): void {
  if (!isDeepStrictEqual(seen, expected)) {
    throw new Error(`the cache and its model differ: ${JSON.stringify({ seen, expected })}`)
  }
}
