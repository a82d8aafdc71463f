import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createClaims, toToken } from '../../test/contexts.js'
import { createDeferred } from '../../test/deferred.js'
import { authorizationError } from '../../test/expected-errors.js'
import { createManualClock } from '../../test/manual-clock.js'
import { AuthorizationError } from '../errors/authorization-error.js'
import type { Publish } from '../internal/diagnostics.js'
import { createCachedVerifier } from './cached.js'
import type { ConnectedStore, SharedAnswer, StoreOwner } from './shared-store.js'
import { toTokenDigest } from './token-digest.js'
import type { TokenVerifier, VerifiedClaims } from './verifier.js'

const ann = toToken('token-of-ann')
const key = toTokenDigest(ann)
const revoked = authorizationError('ERR_TOKEN_INVALID', expect.any(String))

function setUp() {
  const clock = createManualClock()
  const exp = clock.now() / 1_000 + 3_600
  const claims = createClaims({ jti: 'V2_1-at_1', exp })
  const store = {
    find: vi.fn<ConnectedStore['find']>(async () => undefined),
    keep: vi.fn<ConnectedStore['keep']>(),
    drop: vi.fn<ConnectedStore['drop']>(),
    forget: vi.fn<ConnectedStore['forget']>(),
    refresh: vi.fn<ConnectedStore['refresh']>(() => undefined),
    catchUp: vi.fn<ConnectedStore['catchUp']>(() => undefined),
    close: vi.fn<ConnectedStore['close']>(),
  }
  const publish = vi.fn<Publish>()
  let owner: Pick<StoreOwner, 'keepMarksMs' | 'learn' | 'lose'> | undefined
  /** As ZITADEL answers; a store answers first, where that will do. */
  const ask = vi.fn<TokenVerifier>(async (_token, asking) => {
    const found = await asking.findShared?.()
    if (found !== undefined) return found
    asking.isSent = true
    return claims
  })
  const start = (verify: TokenVerifier = ask, maxJwtLifetimeSeconds = 3_600) =>
    createCachedVerifier(verify, {
      ask,
      cache: { ttlSeconds: 30, maxEntries: 100 },
      requireAcceptable: () => {},
      clock,
      maxJwtLifetimeSeconds,
      publish,
      connectStore(listener) {
        owner = listener
        return store
      },
    })
  const answer = (agoSeconds: number): SharedAnswer => ({
    askedAtMs: clock.now() - agoSeconds * 1_000,
    claims: { sub: 'ann', aud: 'api', exp },
  })
  return { clock, claims, publish, store, ask, start, answer, toOwner: () => owner as NonNullable<typeof owner> }
}

describe('a cache with a store', () => {
  it('takes an answer of another process for what it is: enough to let pass, and not to refuse', async () => {
    const { start, store, answer } = setUp()
    store.find.mockResolvedValueOnce(answer(10))
    const verifier = start()
    expect(await verifier.verify(ann)).toMatchObject({ claims: { userId: 'ann' }, isCurrent: false })
    expect(store.keep).not.toHaveBeenCalled()
  })

  it('takes an answer of its own for current, and keeps it for others', async () => {
    const { start, store, claims, clock } = setUp()
    expect(await start().verify(ann)).toMatchObject({ isCurrent: true })
    expect(store.keep.mock.calls).toEqual([[key, { askedAtMs: clock.now(), claims: claims.claims }, 30_000]])
  })

  it('asks ZITADEL itself before a refusal', async () => {
    const { start, store, answer } = setUp()
    const verifier = start()
    store.find.mockResolvedValue(answer(10))
    await verifier.verifyAgain(ann, verifier.begin())
    expect(store.find).not.toHaveBeenCalled()
  })

  for (const [random, seconds] of [
    [0, 25.5],
    [0.999999, 28.5],
  ] as const) {
    it(`renews an answer of another process later than that one does: after ${seconds} s`, async () => {
      const spy = vi.spyOn(Math, 'random').mockReturnValue(random)
      onTestFinished(() => spy.mockRestore())
      const { start, store, answer, clock, ask } = setUp()
      store.find.mockResolvedValueOnce(answer(0))
      const verifier = start()
      await verifier.verify(ann)
      clock.advanceSeconds(seconds - 0.01)
      verifier.recall(ann)
      expect(ask).toHaveBeenCalledTimes(1)
      clock.advanceSeconds(0.01)
      verifier.recall(ann)
      expect(ask).toHaveBeenCalledTimes(2)
      await settle()
      expect(store.find.mock.lastCall).toEqual([key, 24_000])
    })
  }

  it('drops an answer that ZITADEL has taken back, and none that it was not asked about', async () => {
    const { start, store, ask } = setUp()
    const verifier = start()
    ask.mockRejectedValueOnce(new AuthorizationError('ERR_TOKEN_INVALID', 'forged'))
    await expect(verifier.verify(ann)).rejects.toThrow(revoked)
    expect(store.drop).not.toHaveBeenCalled()
    ask.mockImplementationOnce(async (_token, asking) => {
      asking.isSent = true
      throw new AuthorizationError('ERR_TOKEN_INVALID', 'not active')
    })
    await expect(verifier.verify(ann)).rejects.toThrow(revoked)
    expect(store.drop.mock.calls).toEqual([[key]])
  })

  it('forgets everything when the store has lost what there was', async () => {
    const { start, ask, toOwner } = setUp()
    const verifier = start()
    await verifier.verify(ann)
    toOwner().lose()
    expect(verifier.recall(ann)).toBeUndefined()
    await verifier.verify(ann)
    expect(ask).toHaveBeenCalledTimes(2)
  })

  it('looks for marks whenever it is used', async () => {
    const { start, store } = setUp()
    const verifier = start()
    await verifier.verify(ann)
    expect(store.catchUp).not.toHaveBeenCalled()
    expect(verifier.recall(ann)).toMatchObject({ userId: 'ann' })
    await verifier.verify(ann)
    expect(store.catchUp).toHaveBeenCalledTimes(2)
  })

  it('recalls nothing while it does not know what was revoked, and then decides with that', async () => {
    const { start, store, ask, toOwner, clock } = setUp()
    const verifier = start()
    await verifier.verify(ann)
    const known = createDeferred<void>()
    store.catchUp.mockReturnValue(known.promise)
    expect(verifier.recall(ann)).toBeUndefined()
    const verdicts = [verifier.verify(ann), verifier.verify(ann)]
    await settle()
    expect(ask).toHaveBeenCalledTimes(1)
    ask.mockRejectedValue(new AuthorizationError('ERR_TOKEN_INVALID', 'not active'))
    toOwner().learn([{ name: 'user ann', atMs: clock.now() }])
    known.resolve()
    for (const verdict of verdicts) await expect(verdict).rejects.toThrow(revoked)
    expect(ask.mock.calls.length).toBeLessThanOrEqual(3)
  })

  it('serves what is cached once it knows that nothing was revoked, and tells of one hit', async () => {
    const { start, store, ask, publish } = setUp()
    const verifier = start()
    await verifier.verify(ann)
    publish.mockClear()
    const known = createDeferred<void>()
    store.catchUp.mockReturnValueOnce(known.promise)
    const verdict = verifier.verify(ann)
    await settle()
    expect(publish).not.toHaveBeenCalled()
    known.resolve()
    expect(await verdict).toMatchObject({ claims: { userId: 'ann' }, isCurrent: false })
    expect(publish.mock.calls.map(([name, toEvent]) => [name, toEvent()])).toEqual([['cache', { outcome: 'hit' }]])
    expect(ask).toHaveBeenCalledTimes(1)
  })

  it('believes no signature before it knows what was revoked', async () => {
    const { start, store, claims, ask, toOwner, clock } = setUp()
    const signed: VerifiedClaims = { ...claims, verifiedBy: 'jwt', isStillVouchedFor: () => true, issuedAtSeconds: 1 }
    const verifier = start(async () => signed)
    const known = createDeferred<void>()
    store.refresh.mockReturnValueOnce(known.promise)
    ask.mockRejectedValueOnce(new AuthorizationError('ERR_TOKEN_INVALID', 'not active'))
    const verdict = verifier.verify(ann)
    await settle()
    toOwner().learn([{ name: 'user ann', atMs: clock.now() }])
    known.resolve()
    await expect(verdict).rejects.toThrow(revoked)
  })

  it('keeps marks as long as any answer', () => {
    const { start, toOwner } = setUp()
    start(undefined, 3_600)
    expect(toOwner().keepMarksMs).toBe(3_600_000)
    start(undefined, 10)
    expect(toOwner().keepMarksMs).toBe(30_000)
  })

  it('tells the store what was revoked, and when', () => {
    const { start, store, clock } = setUp()
    const verifier = start()
    verifier.forget({ userId: 'ann' })
    verifier.forgetAll()
    expect(store.forget.mock.calls).toEqual([
      [{ name: 'user ann', atMs: clock.now() }],
      [{ name: 'all', atMs: clock.now() }],
    ])
  })

  it('ends the use of the store with its own, and tells nobody that anything was revoked', async () => {
    const { start, store } = setUp()
    const verifier = start()
    await verifier.verify(ann)
    verifier.close()
    expect(verifier.recall(ann)).toBeUndefined()
    expect([store.close.mock.calls.length, store.forget.mock.calls.length]).toEqual([1, 0])
  })
})

async function settle(): Promise<void> {
  for (let turns = 0; turns < 5; turns += 1) await new Promise((resolve) => setImmediate(resolve))
}
