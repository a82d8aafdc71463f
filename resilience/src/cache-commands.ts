import { setImmediate } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { isAuthorizationError } from '../../packages/core/src/errors/authorization-error.js'
import type { BearerToken } from '../../packages/core/src/request/bearer-token.js'
import type { CachedVerifier } from '../../packages/core/src/verification/cached.js'
import type { VerifiedClaims } from '../../packages/core/src/verification/verifier.js'
import { createDeferred } from '../../packages/core/test/deferred.js'
import { CacheModel, type Ending } from './cache-model.js'
import { type CacheUnderTest, createCacheUnderTest } from './cache-under-test.js'
import { CacheWorld, type Facts, type Mode, type Target, type Verdict } from './cache-world.js'

const startMs = Date.UTC(2026, 0, 1)
const opaqueNames = ['opaque-a', 'opaque-b', 'opaque-c'] as const
const jwtNames = ['jwt-a', 'jwt-b'] as const
const users = ['ann', 'bob'] as const
const tokenIds = ['V2_1-at_1', 'V2_1-at_2', 'V2_2-at_1', undefined] as const

/** Few entries and few tokens, so that they meet. */
const settings = { ttlMs: 30_000, staleMs: 20_000, maxEntries: 3, maxBytes: 8_192, maxJwtLifetimeMs: 60_000 }

/** Three small ones have room, a small one beside a large one, and not one of the last. */
const sizes = [2_048, 3_072, 5_120, 8_192, 8_194] as const

type Command = fc.AsyncCommand<CacheModel, CacheUnderTest>

/** Any sequence of what can happen to a cache. */
export function createCacheCommands(): fc.Arbitrary<Iterable<Command>> {
  const name = fc.constantFrom(...opaqueNames, ...jwtNames)
  const facts = fc.record({
    tag: fc.nat(),
    userId: fc.constantFrom(...users),
    tokenId: fc.constantFrom(...tokenIds),
    bytes: fc.constantFrom(...sizes),
  })
  const expiry = fc.option(fc.integer({ min: -5, max: 120 }), { nil: undefined })
  const active = fc.tuple(facts, expiry).map(([said, seconds]): Verdict => {
    return { kind: 'active', ...said, expiresAtSeconds: seconds === undefined ? undefined : startMs / 1_000 + seconds }
  })
  const verdict = fc.oneof(
    { arbitrary: active, weight: 5 },
    fc.constant<Verdict>({ kind: 'inactive' }),
    fc.constant<Verdict>({ kind: 'down' }),
  )
  // By a clock that is ahead by more than that, a JWT would be refused for being from the future.
  const ago = fc.oneof(fc.integer({ min: -5, max: 0 }), fc.integer({ min: -5, max: 20 }))
  const agoSeconds = fc.option(ago, { nil: undefined, freq: 10 })
  const jwt = fc.tuple(fc.constantFrom(...jwtNames), facts, agoSeconds, fc.integer({ min: -5, max: 90 }))
  const target = fc.oneof(
    { arbitrary: name.map((each) => ({ name: each })), weight: 2 },
    { arbitrary: fc.constantFrom(...users).map((userId) => ({ userId })), weight: 2 },
    fc.constantFrom('V2_1-at_1', 'V2_1-at_2', 'V2_2-at_1').map((tokenId) => ({ tokenId })),
    fc.constantFrom('V2_1', 'V2_2').map((sessionId) => ({ sessionId })),
    fc.constant('all' as const),
  )
  const lookUps = fc.tuple(fc.constantFrom('verify' as const, 'recall'), name).map(([how, each]) => lookUp(how, each))
  const commands: readonly (readonly [number, fc.Arbitrary<Command>])[] = [
    [40, fc.tuple(name, verdict).map(([each, says]) => become(each, says))],
    [20, jwt.map(([each, said, ago, life]) => issue(each, said, ago, life))],
    [80, lookUps],
    [40, name.map((each) => lookUp('verifyAgain', each))],
    [20, fc.tuple(name, target).map(([each, what]) => lookUpWhile(each, what))],
    [40, fc.oneof(fc.integer({ min: 0, max: 2_000 }), fc.integer({ min: 0, max: 40_000 })).map(moveTime)],
    [20, fc.integer({ min: -10_000, max: 10_000 }).map(setClock)],
    [40, target.map(forget)],
    [1, fc.constantFrom(1, 9_990, 9_998, 9_999, 10_000, 10_001).map(forgetOthers)],
  ]
  const any = fc.oneof(...commands.map(([weight, arbitrary]) => ({ weight, arbitrary })))
  return fc.commands([any], { maxCommands: 30, size: '+1' })
}

/** Runs the commands on the cache and on its model. */
export function runCacheCommands(mode: Mode, commands: Iterable<Command>): Promise<void> {
  return fc.asyncModelRun(() => {
    const world = new CacheWorld(startMs)
    const all = { ...settings, mode }
    return { model: new CacheModel(all, world), real: createCacheUnderTest(all, world) }
  }, commands)
}

function become(name: string, verdict: Verdict): Command {
  return {
    check: () => true,
    run: async ({ world }) => void world.verdicts.set(name, verdict),
    toString: () => `ZITADEL says of ${name}: ${JSON.stringify(verdict)}`,
  }
}

let issued = 0

/** The token that goes by the name is another one from then on. */
function issue(
  name: string,
  said: Omit<Facts, 'expiresAtSeconds'>,
  agoSeconds: number | undefined,
  lifeSeconds: number,
): Command {
  return {
    check: () => true,
    async run({ world }) {
      issued += 1
      const nowSeconds = Math.floor(world.nowMs / 1_000)
      const issuedAtSeconds = agoSeconds === undefined ? undefined : nowSeconds - agoSeconds
      const expiresAtSeconds = (issuedAtSeconds ?? nowSeconds) + lifeSeconds
      world.jwts.set(name, { ...said, token: `${name}.${issued}`, issuedAtSeconds, expiresAtSeconds })
    },
    toString: () => `${name} is signed ${agoSeconds} s ago for ${lifeSeconds} s: ${JSON.stringify(said)}`,
  }
}

function lookUp(how: keyof typeof lookers, name: string): Command {
  return {
    check: (model) => model.isSureOf(name),
    async run(model, real) {
      const expected = model[how === 'verifyAgain' ? how : 'verify'](name)
      const ending = await endingOf(lookers[how](real.cache, model.world.toToken(name) as BearerToken))
      await requireSame(model, real, expected, ending)
    },
    toString: () => `${how} ${name}`,
  }
}

const lookers = {
  /** As a request does: the short way first, which must make no difference but of time. */
  recall: async (cache: CachedVerifier, token: BearerToken) =>
    cache.recall(token) ?? (await cache.verify(token)).claims,
  verify: async (cache: CachedVerifier, token: BearerToken) => (await cache.verify(token)).claims,
  verifyAgain: (cache: CachedVerifier, token: BearerToken) => cache.verifyAgain(token, cache.begin()),
}

/** Something is forgotten after a request began, and before there is an answer. */
function lookUpWhile(name: string, toForget: NamedTarget): Command {
  return {
    check: (model) => model.isSureOf(name) && !model.marks.isFull,
    async run(model, real) {
      const answered = createDeferred<void>()
      real.answerAfter = answered.promise
      const ending = endingOf(lookers.verify(real.cache, model.world.toToken(name) as BearerToken))
      await setImmediate()
      const target = toTarget(model.world, toForget)
      const expected = model.verify(name, target)
      forgetIn(real.cache, target)
      answered.resolve()
      await requireSame(model, real, expected, await ending)
    },
    toString: () => `verify ${name}, and meanwhile forget ${JSON.stringify(toForget)}`,
  }
}

function moveTime(ms: number): Command {
  return {
    check: () => true,
    run: async ({ world }) => world.pass(ms),
    toString: () => `${ms} ms pass`,
  }
}

function setClock(ms: number): Command {
  return {
    check: () => true,
    run: async ({ world }) => world.setClock(ms),
    toString: () => `the clock is set by ${ms} ms`,
  }
}

type NamedTarget = Exclude<Target, { token: string }> | { readonly name: string }

function toTarget(world: CacheWorld, target: NamedTarget): Target {
  return target !== 'all' && 'name' in target ? { token: world.toToken(target.name) } : target
}

function forget(what: NamedTarget): Command {
  return {
    check: () => true,
    async run(model, { cache }) {
      const target = toTarget(model.world, what)
      model.forget(target)
      forgetIn(cache, target)
    },
    toString: () => `forget ${JSON.stringify(what)}`,
  }
}

function forgetIn(cache: CachedVerifier, target: Target): void {
  if (target === 'all') cache.forgetAll()
  else cache.forget(target)
}

/** Many others are forgotten, each once. */
function forgetOthers(count: number): Command {
  return {
    check: () => true,
    async run({ marks, world }, { cache }) {
      const name = `others-from-${world.elapsedMs}-on-of-${count}`
      marks.add(name, () => false, count)
      for (let at = 0; at < count; at += 1) cache.forget({ userId: `${name}:${at}` })
    },
    toString: () => `forget ${count} others`,
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

async function requireSame(model: CacheModel, real: CacheUnderTest, expected: Ending, ending: Ending): Promise<void> {
  // A renewal goes on after the request that began it.
  await setImmediate()
  const seen = { ending, asked: real.asked, evicted: real.evicted }
  const promised = { ending: expected, asked: model.asked, evicted: model.evicted }
  if (!isDeepStrictEqual(seen, promised)) {
    throw new Error(`the cache and its model differ: ${JSON.stringify({ seen, promised })}`)
  }
}
