import { describe, expect, it, vi } from 'vitest'
import { createClaims } from '../../test/contexts.js'
import { createManualClock } from '../../test/manual-clock.js'
import { createAsking } from './asking.js'
import { Revocations } from './revocations.js'
import { createSharedAnswers } from './shared-answers.js'
import type { ConnectedStore } from './shared-store.js'

function setUp(found?: object) {
  const clock = createManualClock()
  const askedAtMs = clock.now()
  const answer = found && { askedAtMs, claims: { sub: 'ann', aud: 'api', ...found } }
  const store = { find: vi.fn(async () => answer), keep: vi.fn() } as Partial<ConnectedStore> as ConnectedStore
  const requireAcceptable = vi.fn()
  const revocations = new Revocations(3_600, clock)
  const shared = createSharedAnswers({ store, ttlSeconds: 30, requireAcceptable, revocations, clock })
  const asking = createAsking('key', 'new', false)
  return { clock, store, requireAcceptable, revocations, shared, asking, askedAtMs }
}

describe('the answers of other processes', () => {
  it('are read like answers of ZITADEL, and as old as they are', async () => {
    const { shared, asking, clock } = setUp({ scope: 'openid' })
    const elapsedMs = clock.elapsed()
    clock.advanceSeconds(10)
    expect(await shared.find(asking, 1)).toMatchObject({
      verifiedBy: 'introspection',
      userId: 'ann',
      scopes: ['openid'],
    })
    expect(asking.sharedAtMs).toBe(elapsedMs)
  })

  it('are asked for in the time that they have, or a part of it', async () => {
    const { shared, asking, store } = setUp()
    await shared.find(asking, 1)
    await shared.find({ ...asking, reuseSeconds: 5 }, 0.8)
    expect(vi.mocked(store.find).mock.calls).toEqual([
      ['key', 30_000],
      ['key', 4_000],
    ])
  })

  it('are no younger than now where the clock of the other is ahead', async () => {
    const { shared, asking, clock } = setUp({})
    clock.setNowSeconds(-3)
    await shared.find(asking, 1)
    expect(asking.sharedAtMs).toBe(clock.elapsed())
  })

  for (const [what, claims] of [
    ['a user that is none', { sub: 5 }],
    ['no audience', { aud: undefined }],
    ['an expiry that never comes', { exp: Number.POSITIVE_INFINITY }],
  ] as const) {
    it(`refuse nothing, and are none, with ${what}`, async () => {
      const { shared, asking } = setUp(claims)
      expect([await shared.find(asking, 1), asking.sharedAtMs]).toEqual([undefined, undefined])
    })
  }

  it('refuse nothing, and are none, where this API does not accept them', async () => {
    const { shared, asking, requireAcceptable } = setUp({})
    requireAcceptable.mockImplementationOnce(() => {
      throw new Error('expired')
    })
    expect([await shared.find(asking, 1), asking.sharedAtMs]).toEqual([undefined, undefined])
  })

  for (const [what, name] of [
    ['its user', 'user ann'],
    ['everything', 'all'],
    ['the token', 'token key'],
  ] as const) {
    it(`are none from before ${what} was revoked, and in the five seconds after`, async () => {
      const { shared, asking, revocations, askedAtMs } = setUp({})
      revocations.add(name, askedAtMs - 5_000)
      expect([await shared.find(asking, 1), asking.sharedAtMs]).toEqual([undefined, undefined])
      const other = setUp({})
      other.revocations.add(name, askedAtMs - 5_001)
      expect(await other.shared.find(asking, 1)).toMatchObject({ userId: 'ann' })
    })
  }

  it('are kept for their time, and no longer than their token lives', () => {
    const { shared, store, clock, askedAtMs } = setUp()
    const expiringIn = (seconds: number) => createClaims({ exp: clock.now() / 1_000 + seconds })
    shared.keep('1', expiringIn(3_600), askedAtMs)
    shared.keep('2', expiringIn(10), askedAtMs)
    shared.keep('3', { ...expiringIn(3_600), reuseSeconds: 5 }, askedAtMs - 2_000)
    expect(vi.mocked(store.keep).mock.calls.map(([, , forMs]) => forMs)).toEqual([30_000, 10_000, 3_000])
  })

  it('hold nothing that only a signature vouches for: what it says in the place of a scope an Action has written', () => {
    const { shared, store, clock, askedAtMs } = setUp()
    shared.keep('1', { ...createClaims({ exp: clock.now() }), verifiedBy: 'jwt' }, askedAtMs)
    expect(store.keep).not.toHaveBeenCalled()
  })
})
