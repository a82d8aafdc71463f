import { describe, expect, it, vi } from 'vitest'
import { createClaims, toToken } from '../../test/contexts.js'
import { createDeferred } from '../../test/deferred.js'
import { authorizationError, outcomeOf, typeError } from '../../test/expected-errors.js'
import { createManualClock } from '../../test/manual-clock.js'
import { AuthorizationError, markOverload } from '../errors/authorization-error.js'
import type { Publish } from '../internal/diagnostics.js'
import type { BearerToken } from '../request/bearer-token.js'
import { type CachedVerifier, type CachedVerifierOptions, createCachedVerifier } from './cached.js'
import { toTokenDigest } from './token-digest.js'
import type { Asking, TokenVerifier, VerifiedClaims } from './verifier.js'

const ann = toToken('token-of-ann')
const bob = toToken('token-of-bob')
const cleo = toToken('token-of-cleo')

const cacheOn = { ttlSeconds: 30, maxEntries: 100 }
const onAndOff = [
  ['with the cache on', cacheOn],
  ['with the cache off', undefined],
] as const

const inactive = () => new AuthorizationError('ERR_TOKEN_INVALID', 'not active')
const unavailable = () => new AuthorizationError('ERR_PROVIDER_UNAVAILABLE', 'no answer')
const notActive = authorizationError('ERR_TOKEN_INVALID', 'not active')
const noAnswer = authorizationError('ERR_PROVIDER_UNAVAILABLE', 'no answer')

function setUp(options: Partial<CachedVerifierOptions> = {}) {
  const { cache } = { cache: cacheOn, ...options }
  const clock = createManualClock()
  /** Claims that expire so many seconds from the start. */
  const claimsFor = (userId: string, more: object = {}): VerifiedClaims =>
    createClaims({ sub: userId, jti: `id-of-${userId}`, exp: start + 3_600, ...more })
  const start = clock.now() / 1_000
  const ask = vi.fn<TokenVerifier>(async (token) => claimsFor(token.replace('token-of-', '')))
  const requireAcceptable = vi.fn<CachedVerifierOptions['requireAcceptable']>()
  const events: unknown[] = []
  const publish: Publish = (name, toEvent) => void (name === 'cache' && events.push([name, toEvent()]))
  const verifier = createCachedVerifier(ask, { requireAcceptable, clock, publish, ...options, cache })
  const again = (token: BearerToken) => verifier.verifyAgain(token, verifier.begin())
  return {
    verifier,
    again,
    ask,
    clock,
    start,
    claimsFor,
    requireAcceptable,
    events,
    asked: () => ask.mock.calls.length,
  }
}

describe('recall', () => {
  it('gives a cached answer at once', async () => {
    const { verifier, asked } = setUp()
    expect(verifier.recall(ann)).toBeUndefined()
    const { claims } = await verifier.verify(ann)
    expect(verifier.recall(ann)).toBe(claims)
    expect(asked()).toBe(1)
  })

  it('gives nothing with the cache off', async () => {
    const { verifier } = setUp({ cache: undefined })
    await verifier.verify(ann)
    expect(verifier.recall(ann)).toBeUndefined()
  })

  it('gives nothing for a text that is no token', async () => {
    const { verifier, asked } = setUp()
    await verifier.verify(ann)
    expect(['', ` ${ann}`, `${ann} `, `${ann}\u0000`, '\ud800'].map(verifier.recall)).toEqual(Array(5).fill(undefined))
    expect(asked()).toBe(1)
  })

  it('gives nothing when the time of the answer is over, and leaves it to verify to ask', async () => {
    const { verifier, clock, asked } = setUp()
    await verifier.verify(ann)
    clock.advanceSeconds(29.999)
    expect(verifier.recall(ann)).toMatchObject({ userId: 'ann' })
    await settle()
    clock.advanceSeconds(30)
    expect(verifier.recall(ann)).toBeUndefined()
    expect(asked()).toBe(2)
  })

  it('gives nothing when the token has expired', async () => {
    const { verifier, ask, claimsFor, clock, start } = setUp()
    ask.mockResolvedValueOnce(claimsFor('ann', { exp: start + 10 }))
    await verifier.verify(ann)
    clock.advanceSeconds(9.999)
    expect(verifier.recall(ann)).toMatchObject({ userId: 'ann' })
    clock.advanceSeconds(0.001)
    expect(verifier.recall(ann)).toBeUndefined()
  })

  it('gives nothing that is not acceptable any more, and refuses nobody', async () => {
    const { verifier, requireAcceptable, clock } = setUp()
    const { claims } = await verifier.verify(ann)
    clock.advanceSeconds(1)
    requireAcceptable.mockImplementationOnce(() => {
      throw inactive()
    })
    expect(verifier.recall(ann)).toBeUndefined()
    expect(requireAcceptable.mock.lastCall).toEqual([claims, clock.now()])
    expect(verifier.recall(ann)).toBe(claims)
  })

  for (const [what, forget] of [
    ['a forgotten user', (verifier: CachedVerifier) => verifier.forget({ userId: 'ann' })],
    ['a forgotten token', (verifier: CachedVerifier) => verifier.forget({ token: ann })],
    ['everything', (verifier: CachedVerifier) => verifier.forgetAll()],
  ] as const) {
    it(`gives nothing of ${what}`, async () => {
      const { verifier } = setUp()
      await verifier.verify(ann)
      forget(verifier)
      expect(verifier.recall(ann)).toBeUndefined()
    })
  }

  it('gives nothing whose key is not published any more', async () => {
    const { verifier, ask, claimsFor } = setUp()
    const isStillVouchedFor = vi.fn(() => true)
    ask.mockResolvedValueOnce({ ...claimsFor('ann'), isStillVouchedFor })
    await verifier.verify(ann)
    expect(verifier.recall(ann)).toMatchObject({ userId: 'ann' })
    isStillVouchedFor.mockReturnValue(false)
    expect(verifier.recall(ann)).toBeUndefined()
  })

  it('renews an answer that is used, once, when four fifths of its time are over', async () => {
    const { verifier, clock, asked } = setUp()
    await verifier.verify(ann)
    clock.advanceSeconds(23.999)
    verifier.recall(ann)
    expect(asked()).toBe(1)
    clock.advanceSeconds(0.001)
    verifier.recall(ann)
    verifier.recall(ann)
    expect(asked()).toBe(2)
    await settle()
    clock.advanceSeconds(23.999)
    expect(verifier.recall(ann)).toMatchObject({ userId: 'ann' })
  })

  it('counts as use', async () => {
    const { verifier } = setUp({ cache: { ttlSeconds: 30, maxEntries: 2 } })
    await verifier.verify(ann)
    await verifier.verify(bob)
    verifier.recall(ann)
    await verifier.verify(cleo)
    expect([ann, bob, cleo].map((token) => verifier.recall(token)?.userId)).toEqual(['ann', undefined, 'cleo'])
  })
})

describe('verify', () => {
  it('asks for a new token, and remembers the answer', async () => {
    const { verifier, ask } = setUp()
    const first = await verifier.verify(ann)
    const second = await verifier.verify(ann)
    expect([first.isCurrent, second.isCurrent]).toEqual([true, false])
    expect(second.claims).toBe(first.claims)
    expect(ask.mock.calls).toEqual([[ann, { key: toTokenDigest(ann), priority: 'new', wasGood: false, isSent: false }]])
  })

  it('keeps tokens apart', async () => {
    const { verifier } = setUp()
    await verifier.verify(ann)
    expect((await verifier.verify(bob)).claims.userId).toBe('bob')
    expect((await verifier.verify(ann)).claims.userId).toBe('ann')
  })

  it('asks again after ttlSeconds, and not a moment before', async () => {
    const { verifier, clock, asked } = setUp()
    await verifier.verify(ann)
    clock.advanceSeconds(23.999)
    expect((await verifier.verify(ann)).isCurrent).toBe(false)
    expect(asked()).toBe(1)
    clock.advanceSeconds(6.001)
    expect((await verifier.verify(ann)).isCurrent).toBe(true)
    expect(asked()).toBe(2)
  })

  it('does not keep an answer longer because it is used', async () => {
    const { verifier, clock, asked } = setUp()
    for (const seconds of [0, 10, 10, 3.999]) {
      clock.advanceSeconds(seconds)
      await verifier.verify(ann)
    }
    expect(asked()).toBe(1)
    clock.advanceSeconds(6.001)
    await verifier.verify(ann)
    expect(asked()).toBe(2)
  })

  it('counts ttlSeconds from the question, not from the answer', async () => {
    const { verifier, ask, clock, claimsFor, asked } = setUp()
    const answer = createDeferred<VerifiedClaims>()
    ask.mockReturnValueOnce(answer.promise)
    const pending = verifier.verify(ann)
    clock.advanceSeconds(4)
    answer.resolve(claimsFor('ann'))
    await pending
    clock.advanceSeconds(19.999)
    await verifier.verify(ann)
    expect(asked()).toBe(1)
    clock.advanceSeconds(6.001)
    await verifier.verify(ann)
    expect(asked()).toBe(2)
  })

  it('never keeps an answer past the expiry of the token', async () => {
    const { verifier, ask, clock, start, claimsFor, asked } = setUp()
    ask.mockResolvedValueOnce(claimsFor('ann', { exp: start + 10 }))
    await verifier.verify(ann)
    clock.advanceSeconds(9.999)
    await verifier.verify(ann)
    expect(asked()).toBe(1)
    clock.advanceSeconds(0.001)
    await verifier.verify(ann)
    expect(asked()).toBe(2)
  })

  it('keeps the answer for a token that expires in the year 9999, as personal access tokens do', async () => {
    const { verifier, ask, clock, claimsFor, asked } = setUp()
    ask.mockResolvedValueOnce(claimsFor('ann', { exp: 253_402_300_799 }))
    await verifier.verify(ann)
    clock.advanceSeconds(23)
    await verifier.verify(ann)
    expect(asked()).toBe(1)
  })

  it('does not keep an answer that names no expiry', async () => {
    const { verifier, ask, claimsFor, asked } = setUp()
    ask.mockResolvedValue(claimsFor('ann', { exp: undefined }))
    await verifier.verify(ann)
    expect((await verifier.verify(ann)).isCurrent).toBe(true)
    expect(asked()).toBe(2)
  })

  for (const [what, failure] of [
    ['the token is not active', inactive()],
    ['there is no answer', unavailable()],
    ['there is a bug', new Error('a bug')],
  ] as const) {
    it(`does not remember a refusal: ${what}`, async () => {
      const { verifier, ask, asked } = setUp()
      ask.mockRejectedValueOnce(failure)
      await expect(verifier.verify(ann)).rejects.toBe(failure)
      expect((await verifier.verify(ann)).claims.userId).toBe('ann')
      expect(asked()).toBe(2)
    })
  }

  it('refuses a new answer that is not acceptable, and does not keep it', async () => {
    const { verifier, requireAcceptable, asked } = setUp()
    const refusal = inactive()
    requireAcceptable.mockImplementationOnce(() => {
      throw refusal
    })
    await expect(verifier.verify(ann)).rejects.toBe(refusal)
    expect((await verifier.verify(ann)).isCurrent).toBe(true)
    expect(asked()).toBe(2)
  })

  it('checks a remembered answer again on every request', async () => {
    const { verifier, requireAcceptable, clock, asked } = setUp()
    const { claims } = await verifier.verify(ann)
    await verifier.verify(ann)
    expect(requireAcceptable.mock.calls).toEqual([
      [claims, clock.now()],
      [claims, clock.now()],
    ])
    const refusal = inactive()
    requireAcceptable.mockImplementationOnce(() => {
      throw refusal
    })
    await expect(verifier.verify(ann)).rejects.toBe(refusal)
    expect(asked()).toBe(1)
  })

  it('keeps at most maxEntries answers, and drops the one that was used longest ago', async () => {
    const { verifier, asked } = setUp({ cache: { ttlSeconds: 30, maxEntries: 2 } })
    for (const token of [ann, bob, ann, cleo]) await verifier.verify(token)
    expect(asked()).toBe(3)
    expect((await verifier.verify(ann)).isCurrent).toBe(false)
    expect((await verifier.verify(cleo)).isCurrent).toBe(false)
    expect((await verifier.verify(bob)).isCurrent).toBe(true)
  })

  it('counts the age of an answer by the time that passes, though the clock be set back', async () => {
    const { verifier, clock, asked } = setUp()
    await verifier.verify(ann)
    clock.setNowSeconds(-86_400)
    expect((await verifier.verify(ann)).isCurrent).toBe(false)
    clock.advanceSeconds(30)
    expect((await verifier.verify(ann)).isCurrent).toBe(true)
    expect(asked()).toBe(2)
  })

  it('does not use an answer again whose token has expired since the clock was set forward', async () => {
    const { verifier, clock, asked } = setUp()
    await verifier.verify(ann)
    clock.setNowSeconds(3_599.999)
    expect((await verifier.verify(ann)).isCurrent).toBe(false)
    clock.setNowSeconds(0.001)
    expect((await verifier.verify(ann)).isCurrent).toBe(true)
    expect(asked()).toBe(2)
  })

  it('asks for every request with the cache off', async () => {
    const { verifier, asked } = setUp({ cache: undefined })
    await verifier.verify(ann)
    expect((await verifier.verify(ann)).isCurrent).toBe(true)
    expect(asked()).toBe(2)
  })

  it('asks once more for all who bring a token while a question is under way, with the cache off', async () => {
    const { verifier, ask, claimsFor, asked } = setUp({ cache: undefined })
    const answers = [createDeferred<VerifiedClaims>(), createDeferred<VerifiedClaims>()] as const
    for (const answer of answers) ask.mockReturnValueOnce(answer.promise)
    const pending = Array.from({ length: 100 }, () => verifier.verify(ann))
    expect(asked()).toBe(1)
    answers[0].resolve(claimsFor('ann', { scope: 'first' }))
    expect(await pending[0]).toMatchObject({ claims: { scopes: ['first'] }, isCurrent: true })
    answers[1].resolve(claimsFor('ann', { scope: 'second' }))
    const verdicts = await Promise.all(pending.slice(1))
    expect(verdicts.map(({ claims, isCurrent }) => [claims.scopes, isCurrent])).toEqual(
      verdicts.map(() => [['second'], true]),
    )
    expect(asked()).toBe(2)
  })

  it('shares a failure with all who came before the question, and asks the next time, with the cache off', async () => {
    const { verifier, ask, asked } = setUp({ cache: undefined })
    const failures = [unavailable(), unavailable()] as const
    for (const failure of failures) ask.mockRejectedValueOnce(failure)
    const outcomes = await Promise.all([1, 2, 3].map(() => verifier.verify(ann).catch((error: unknown) => error)))
    expect(outcomes).toEqual([noAnswer, noAnswer, noAnswer])
    expect(new Set(outcomes).size).toBe(3)
    expect(asked()).toBe(2)
    expect((await verifier.verify(ann)).claims.userId).toBe('ann')
  })

  it('asks once for all who bring a token at once, with the cache on', async () => {
    const { verifier, ask, claimsFor, asked } = setUp()
    const answer = createDeferred<VerifiedClaims>()
    ask.mockReturnValueOnce(answer.promise)
    const pending = [verifier.verify(ann), verifier.verify(ann), verifier.verify(ann)]
    expect(asked()).toBe(1)
    answer.resolve(claimsFor('ann'))
    const users = (await Promise.all(pending)).map(({ claims, isCurrent }) => [claims.userId, isCurrent])
    // The answers to the second and third may be older than they are.
    expect(users).toEqual([
      ['ann', true],
      ['ann', false],
      ['ann', false],
    ])
    expect(asked()).toBe(1)
  })

  for (const [what, cache] of onAndOff) {
    it(`asks at once for different tokens, ${what}`, async () => {
      const { verifier, ask, claimsFor, asked } = setUp({ cache })
      const answer = createDeferred<VerifiedClaims>()
      ask.mockReturnValueOnce(answer.promise)
      const pending = verifier.verify(ann)
      expect((await verifier.verify(bob)).claims.userId).toBe('bob')
      expect(asked()).toBe(2)
      answer.resolve(claimsFor('ann'))
      expect((await pending).claims.userId).toBe('ann')
    })
  }

  it('shares a failure with all who wait, and asks the next time, with the cache on', async () => {
    const { verifier, ask, asked } = setUp()
    const answer = createDeferred<VerifiedClaims>()
    ask.mockReturnValueOnce(answer.promise)
    const pending = Promise.allSettled([verifier.verify(ann), verifier.verify(ann)])
    const failure = unavailable()
    answer.reject(failure)
    const [first, second] = (await pending) as PromiseRejectedResult[]
    expect(first?.reason).toBe(failure)
    expect(second?.reason).toEqual(noAnswer)
    expect(second?.reason).not.toBe(failure)
    expect(asked()).toBe(1)
    expect((await verifier.verify(ann)).claims.userId).toBe('ann')
    expect(asked()).toBe(2)
  })
})

describe('a request that joins a question older than itself', () => {
  for (const [what, cache] of onAndOff) {
    it(`is not refused on its answer, ${what}`, async () => {
      const { verifier, ask, claimsFor, asked } = setUp({ cache })
      const old = createDeferred<VerifiedClaims>()
      ask.mockReturnValueOnce(old.promise)
      const first = verifier.verify(ann)
      const second = verifier.verify(ann)
      old.reject(inactive())
      await expect(first).rejects.toThrow(notActive)
      expect(await second).toMatchObject({ claims: { userId: 'ann' }, isCurrent: true })
      expect(asked()).toBe(2)
      expect((await verifier.verify(ann)).claims).toEqual(claimsFor('ann'))
    })
  }

  it('is refused beyond the budget', async () => {
    const { verifier, again, ask, asked } = setUp()
    for (const _ of [1, 2, 3, 4, 5]) await again(bob)
    verifier.forgetAll()
    const old = createDeferred<VerifiedClaims>()
    ask.mockReturnValueOnce(old.promise)
    const first = outcomeOf(() => verifier.verify(bob))
    const second = outcomeOf(() => verifier.verify(bob))
    old.reject(inactive())
    expect(await Promise.all([first, second])).toEqual([notActive, notActive])
    expect(asked()).toBe(6)
  })
})

describe('verifyAgain', () => {
  it('asks although the answer is remembered, and remembers the new one', async () => {
    const { verifier, again, ask, claimsFor, asked } = setUp()
    await verifier.verify(ann)
    const promoted = claimsFor('ann', { scope: 'promoted' })
    ask.mockResolvedValueOnce(promoted)
    expect(await again(ann)).toBe(promoted)
    expect(await verifier.verify(ann)).toEqual({ claims: promoted, began: expect.any(Number), isCurrent: false })
    expect(asked()).toBe(2)
  })

  it('starts the time to live of the new answer', async () => {
    const { verifier, again, clock, asked } = setUp()
    await verifier.verify(ann)
    clock.advanceSeconds(20)
    await again(ann)
    clock.advanceSeconds(23.999)
    await verifier.verify(ann)
    expect(asked()).toBe(2)
  })

  it('asks for a token that is not remembered', async () => {
    const { again, asked } = setUp()
    expect((await again(ann))?.userId).toBe('ann')
    expect(asked()).toBe(1)
  })

  it('asks five times at once about a token, and then gives what is known', async () => {
    const { verifier, again, ask, claimsFor, asked } = setUp()
    await verifier.verify(ann)
    for (const _ of [1, 2, 3, 4]) await again(ann)
    const last = claimsFor('ann', { scope: 'last' })
    ask.mockResolvedValueOnce(last)
    expect(await again(ann)).toBe(last)
    expect([await again(ann), await again(ann)]).toEqual([last, last])
    expect(asked()).toBe(6)
  })

  it('asks once more with each second, and never more than five times at once', async () => {
    const { verifier, again, clock, asked } = setUp()
    await verifier.verify(ann)
    for (const _ of [1, 2, 3, 4, 5]) await again(ann)
    clock.advanceSeconds(0.999)
    await again(ann)
    expect(asked()).toBe(6)
    clock.advanceSeconds(0.001)
    for (const _ of [1, 2]) await again(ann)
    expect(asked()).toBe(7)
    clock.advanceSeconds(20)
    for (const _ of [1, 2, 3, 4, 5, 6, 7]) await again(ann)
    expect(asked()).toBe(12)
  })

  it('does not count more time than has passed when the clock is set', async () => {
    const { verifier, again, clock, asked } = setUp()
    await verifier.verify(ann)
    for (const _ of [1, 2, 3, 4, 5]) await again(ann)
    for (const seconds of [-3_600, 3_700]) {
      clock.setNowSeconds(seconds)
      await again(ann)
    }
    expect(asked()).toBe(6)
  })

  it('counts each token by itself', async () => {
    const { verifier, again, asked } = setUp()
    for (const token of [ann, bob]) await verifier.verify(token)
    for (const token of [ann, ann, ann, ann, ann, ann, bob]) await again(token)
    expect(asked()).toBe(8)
  })

  it('asks once for all who began before the question', async () => {
    const { verifier, ask, claimsFor, asked } = setUp()
    await verifier.verify(ann)
    const promoted = claimsFor('ann', { scope: 'promoted' })
    ask.mockResolvedValueOnce(promoted)
    const began = [1, 2, 3].map(() => verifier.begin())
    const answers = began.map((moment) => verifier.verifyAgain(ann, moment))
    expect(await Promise.all(answers)).toEqual([promoted, promoted, promoted])
    expect(asked()).toBe(2)
  })

  it('asks anew for a caller who began after the question that is under way', async () => {
    const { verifier, again, ask, claimsFor, asked } = setUp()
    await verifier.verify(ann)
    const old = createDeferred<VerifiedClaims>()
    const promoted = claimsFor('ann', { scope: 'promoted' })
    ask.mockReturnValueOnce(old.promise).mockResolvedValueOnce(promoted)
    const first = again(ann)
    expect(await again(ann)).toBe(promoted)
    old.resolve(claimsFor('ann'))
    await first
    expect((await verifier.verify(ann)).claims).toBe(promoted)
    expect(asked()).toBe(3)
  })

  it('lets callers beyond the budget share the question that is under way', async () => {
    const { verifier, again, ask, claimsFor, asked } = setUp()
    await verifier.verify(ann)
    for (const _ of [1, 2, 3, 4]) await again(ann)
    const answer = createDeferred<VerifiedClaims>()
    ask.mockReturnValueOnce(answer.promise)
    const pending = [again(ann), again(ann), again(ann)]
    const promoted = claimsFor('ann', { scope: 'promoted' })
    answer.resolve(promoted)
    expect(await Promise.all(pending)).toEqual([promoted, promoted, promoted])
    expect(asked()).toBe(6)
  })

  it('gives nothing beyond the budget where nothing is known', async () => {
    const { again, ask, claimsFor, asked } = setUp()
    ask.mockResolvedValue(claimsFor('ann', { exp: undefined }))
    for (const _ of [1, 2, 3, 4, 5]) await again(ann)
    expect(await again(ann)).toBeUndefined()
    expect(asked()).toBe(5)
  })

  it('asks every time with the cache off, where nothing is ever known', async () => {
    const { again, asked } = setUp({ cache: undefined })
    for (const _ of [1, 2, 3, 4, 5, 6, 7, 8]) expect((await again(ann))?.userId).toBe('ann')
    expect(asked()).toBe(8)
  })

  it('drops what is remembered when the token has been revoked', async () => {
    const { verifier, again, ask, asked } = setUp()
    await verifier.verify(ann)
    const refusal = inactive()
    ask.mockRejectedValueOnce(refusal)
    await expect(again(ann)).rejects.toBe(refusal)
    expect((await verifier.verify(ann)).isCurrent).toBe(true)
    expect(asked()).toBe(3)
  })

  it('drops what is remembered when the new answer is not acceptable', async () => {
    const { verifier, again, requireAcceptable } = setUp()
    await verifier.verify(ann)
    const refusal = inactive()
    requireAcceptable.mockImplementationOnce(() => {
      throw refusal
    })
    await expect(again(ann)).rejects.toBe(refusal)
    expect((await verifier.verify(ann)).isCurrent).toBe(true)
  })

  it('keeps what is remembered when ZITADEL does not answer, and says so beyond the budget too', async () => {
    const { verifier, again, ask } = setUp()
    await verifier.verify(ann)
    for (const _ of [1, 2, 3, 4]) await again(ann)
    const failure = unavailable()
    ask.mockRejectedValueOnce(failure)
    await expect(again(ann)).rejects.toBe(failure)
    expect((await verifier.verify(ann)).isCurrent).toBe(false)
    const beyond = await outcomeOf(() => again(ann))
    expect(beyond).toEqual(noAnswer)
    expect(beyond).not.toBe(failure)
  })
})

describe('verifyAgain beyond the budget', () => {
  it('gives what is known since, where the last answer was that the token is not active', async () => {
    const { verifier, again, ask } = setUp()
    for (const _ of [1, 2, 3, 4]) await again(ann)
    ask.mockRejectedValueOnce(inactive())
    await expect(again(ann)).rejects.toThrow(notActive)
    const { claims } = await verifier.verify(ann)
    expect(await again(ann)).toBe(claims)
  })

  it('shares no question from before a forget()', async () => {
    const { verifier, again, ask, claimsFor } = setUp()
    for (const _ of [1, 2, 3, 4]) await again(ann)
    const before = createDeferred<VerifiedClaims>()
    ask.mockReturnValueOnce(before.promise)
    const pending = again(ann)
    verifier.forget({ userId: 'ann' })
    expect(await again(ann)).toBeUndefined()
    before.resolve(claimsFor('ann', { scope: 'old' }))
    expect((await pending)?.scopes).toEqual(['old'])
  })
})

describe('a newer answer', () => {
  it('takes the place of an older one also where it came too late to be used again', async () => {
    const { verifier, ask, clock, claimsFor } = setUp({
      cache: { ttlSeconds: 2, maxEntries: 100, staleIfErrorSeconds: 3_600 },
    })
    await verifier.verify(ann)
    clock.advanceSeconds(5)
    ask.mockImplementationOnce(async () => {
      clock.advanceSeconds(2.5)
      return claimsFor('ann', { username: 'of today' })
    })
    await verifier.verify(ann)
    ask.mockRejectedValueOnce(unavailable())
    expect((await verifier.verify(ann)).claims.claims['username']).toBe('of today')
  })

  it('removes an older one where it names no expiry', async () => {
    const { verifier, ask, clock, claimsFor } = setUp({
      cache: { ttlSeconds: 2, maxEntries: 100, staleIfErrorSeconds: 3_600 },
    })
    await verifier.verify(ann)
    clock.advanceSeconds(5)
    ask.mockResolvedValueOnce(claimsFor('ann', { exp: undefined }))
    await verifier.verify(ann)
    ask.mockRejectedValueOnce(unavailable())
    await expect(verifier.verify(ann)).rejects.toThrow(noAnswer)
  })
})

describe('a full cache', () => {
  const cache = { ttlSeconds: 30, maxEntries: 1 }

  it('makes room by the answer that was not used for longest, and says so', async () => {
    const { verifier, events } = setUp({ cache })
    await verifier.verify(ann)
    await verifier.verify(ann)
    await verifier.verify(bob)
    expect(events).toEqual(['miss', 'hit', 'miss', 'evict'].map((outcome) => ['cache', { outcome }]))
    expect((await verifier.verify(ann)).isCurrent).toBe(true)
  })

  it('says nothing of an answer that is replaced or forgotten', async () => {
    const { verifier, again, events } = setUp({ cache })
    await verifier.verify(ann)
    await again(ann)
    verifier.forgetAll()
    expect(events).toEqual([['cache', { outcome: 'miss' }]])
  })

  for (const [what, secondsLeft] of [
    ['names no expiry', undefined],
    ['expires now', 0],
    ['has expired', -1],
  ] as const) {
    it(`makes no room for the answer about a token that ${what}`, async () => {
      const { verifier, ask, claimsFor, start } = setUp({ cache })
      await verifier.verify(ann)
      ask.mockResolvedValueOnce(claimsFor('bob', { exp: secondsLeft === undefined ? undefined : start + secondsLeft }))
      await verifier.verify(bob)
      expect((await verifier.verify(ann)).isCurrent).toBe(false)
    })
  }
})

describe('an outdated question', () => {
  it('does not drop an answer that came after it', async () => {
    const { verifier, ask } = setUp()
    const slow = createDeferred<VerifiedClaims>()
    ask.mockReturnValueOnce(slow.promise)
    const outdated = verifier.verify(ann)
    verifier.forgetAll()
    await verifier.verify(ann)
    slow.reject(inactive())
    await expect(outdated).rejects.toThrow(notActive)
    expect((await verifier.verify(ann)).isCurrent).toBe(false)
  })

  it('does not bring back an answer that a later one has replaced', async () => {
    const { verifier, again, ask, claimsFor, clock } = setUp()
    await verifier.verify(ann)
    clock.advanceSeconds(30)
    const slow = createDeferred<VerifiedClaims>()
    ask.mockReturnValueOnce(slow.promise)
    const outdated = verifier.verify(ann)
    ask.mockRejectedValueOnce(new AuthorizationError('ERR_TOKEN_INVALID', 'revoked meanwhile'))
    await expect(again(ann)).rejects.toThrow(authorizationError('ERR_TOKEN_INVALID', 'revoked meanwhile'))
    slow.resolve(claimsFor('ann'))
    await outdated
    expect((await verifier.verify(ann)).isCurrent).toBe(true)
  })
})

describe('staleIfErrorSeconds', () => {
  const cache = { ...cacheOn, staleIfErrorSeconds: 60 }

  it('serves what was known for so long after its time, while ZITADEL is down', async () => {
    const { verifier, ask, clock, events, asked } = setUp({ cache })
    const { claims } = await verifier.verify(ann)
    ask.mockRejectedValue(unavailable())
    clock.advanceSeconds(89.999)
    expect(await verifier.verify(ann)).toEqual({ claims, began: expect.any(Number), isCurrent: false })
    expect(events.slice(1)).toEqual(['miss', 'stale'].map((outcome) => ['cache', { outcome }]))
    expect(asked()).toBe(2)
    clock.advanceSeconds(0.001)
    await expect(verifier.verify(ann)).rejects.toThrow(noAnswer)
  })

  it('never serves past the expiry of the token', async () => {
    const { verifier, ask, claimsFor, clock, start } = setUp({ cache })
    ask.mockResolvedValueOnce(claimsFor('ann', { exp: start + 40 }))
    await verifier.verify(ann)
    ask.mockRejectedValue(unavailable())
    clock.advanceSeconds(39.999)
    expect((await verifier.verify(ann)).isCurrent).toBe(false)
    clock.advanceSeconds(0.001)
    await expect(verifier.verify(ann)).rejects.toThrow(noAnswer)
  })

  it('checks what it serves like any remembered answer', async () => {
    const { verifier, ask, clock, requireAcceptable } = setUp({ cache })
    await verifier.verify(ann)
    ask.mockRejectedValue(unavailable())
    clock.advanceSeconds(31)
    requireAcceptable.mockImplementation(() => {
      throw inactive()
    })
    await expect(verifier.verify(ann)).rejects.toThrow(notActive)
  })

  for (const [what, error] of [
    ['says that the token is not active', inactive()],
    ['refuses the credentials of this API', new AuthorizationError('ERR_CONFIGURATION', 'wrong key')],
  ] as const) {
    it(`serves nothing when ZITADEL ${what}`, async () => {
      const { verifier, ask, clock } = setUp({ cache })
      await verifier.verify(ann)
      clock.advanceSeconds(31)
      ask.mockRejectedValue(error)
      await expect(verifier.verify(ann)).rejects.toBe(error)
    })
  }

  it('serves nothing when it is this process that has too much to do, since ZITADEL may have revoked the token', async () => {
    const { verifier, ask, clock } = setUp({ cache })
    await verifier.verify(ann)
    clock.advanceSeconds(31)
    const overload = markOverload(unavailable())
    ask.mockRejectedValue(overload)
    await expect(verifier.verify(ann)).rejects.toBe(overload)
  })

  it('serves nothing to those who share such a failure either', async () => {
    const { verifier, ask, clock } = setUp({ cache })
    await verifier.verify(ann)
    clock.advanceSeconds(31)
    ask.mockRejectedValue(markOverload(unavailable()))
    const outcomes = await Promise.all([1, 2].map(() => verifier.verify(ann).catch((error: unknown) => error)))
    expect(outcomes).toEqual([noAnswer, noAnswer])
  })

  it('serves nothing stale unless it is asked for', async () => {
    const { verifier, ask, clock } = setUp()
    await verifier.verify(ann)
    clock.advanceSeconds(30)
    ask.mockRejectedValue(unavailable())
    await expect(verifier.verify(ann)).rejects.toThrow(noAnswer)
  })
})

describe('forget', () => {
  for (const [what, target] of [
    ['token', { token: 'token-of-ann' }],
    ['user', { userId: 'ann' }],
    ['token id', { tokenId: 'id-of-ann' }],
  ] as const) {
    it(`drops what is remembered by ${what}, and nothing else`, async () => {
      const { verifier } = setUp()
      for (const token of [ann, bob]) await verifier.verify(token)
      verifier.forget(target)
      expect((await verifier.verify(ann)).isCurrent).toBe(true)
      expect((await verifier.verify(bob)).isCurrent).toBe(false)
    })
  }

  it('drops every token of a user', async () => {
    const { verifier, ask, claimsFor } = setUp()
    ask.mockResolvedValueOnce(claimsFor('ann')).mockResolvedValueOnce(claimsFor('ann', { jti: 'another' }))
    for (const token of [ann, bob]) await verifier.verify(token)
    verifier.forget({ userId: 'ann' })
    expect((await verifier.verify(ann)).isCurrent).toBe(true)
    expect((await verifier.verify(bob)).isCurrent).toBe(true)
  })

  for (const target of [{ token: 'token-of-an' }, { userId: 'an' }, { tokenId: 'id-of-an' }]) {
    it(`drops nothing for ${JSON.stringify(target)}, which nobody has`, async () => {
      const { verifier } = setUp()
      await verifier.verify(ann)
      verifier.forget(target)
      expect((await verifier.verify(ann)).isCurrent).toBe(false)
    })
  }

  it('does not keep the answer to a question from before', async () => {
    const { verifier, ask, claimsFor } = setUp()
    const answer = createDeferred<VerifiedClaims>()
    ask.mockReturnValueOnce(answer.promise)
    const pending = verifier.verify(ann)
    verifier.forget({ userId: 'ann' })
    answer.resolve(claimsFor('ann', { scope: 'old' }))
    expect((await pending).claims.scopes).toEqual(['old'])
    expect((await verifier.verify(ann)).claims.scopes).toEqual([])
  })

  it('lets nobody join a question from before, nor one that is asked again', async () => {
    const { verifier, again, ask, claimsFor, asked } = setUp()
    const old = [createDeferred<VerifiedClaims>(), createDeferred<VerifiedClaims>()] as const
    ask.mockReturnValueOnce(old[0].promise).mockReturnValueOnce(old[1].promise)
    const pending = [verifier.verify(ann), again(bob)]
    verifier.forget({ userId: 'nobody' })
    expect((await verifier.verify(ann)).claims.scopes).toEqual([])
    expect((await again(bob))?.scopes).toEqual([])
    expect(asked()).toBe(4)
    for (const { resolve } of old) resolve(claimsFor('ann', { scope: 'old' }))
    await Promise.all(pending)
    expect((await verifier.verify(ann)).claims.scopes).toEqual([])
    expect(asked()).toBe(4)
  })

  it('keeps the end of a question from before away from the question that came after it', async () => {
    const { verifier, ask, claimsFor, asked } = setUp()
    const before = createDeferred<VerifiedClaims>()
    const after = createDeferred<VerifiedClaims>()
    ask.mockReturnValueOnce(before.promise).mockReturnValueOnce(after.promise)
    const first = verifier.verify(ann)
    verifier.forgetAll()
    const second = verifier.verify(ann)
    before.resolve(claimsFor('ann'))
    await first
    const third = verifier.verify(ann)
    expect(asked()).toBe(2)
    after.resolve(claimsFor('ann', { scope: 'new' }))
    expect((await Promise.all([second, third])).map(({ claims }) => claims.scopes)).toEqual([['new'], ['new']])
  })

  for (const target of [
    {},
    undefined,
    null,
    { token: undefined },
    { userId: undefined },
    { tokenId: undefined },
    { sessionId: undefined },
    { sessionId: '' },
    { userId: '' },
    { userId: 7 },
    { user: 'ann' },
    { userId: 'ann', tokenId: 'id-of-ann' },
  ]) {
    it(`takes ${JSON.stringify(target)} ${Object.keys(target ?? {}).join()} for a mistake`, async () => {
      const { verifier } = setUp()
      await verifier.verify(ann)
      expect(() => verifier.forget(target as never)).toThrow(
        typeError('forget() takes { token }, { userId }, { tokenId } or { sessionId }, with a text that has no spaces'),
      )
      expect((await verifier.verify(ann)).isCurrent).toBe(false)
    })
  }
})

describe('forgetAll', () => {
  it('drops everything', async () => {
    const { verifier, asked } = setUp()
    for (const token of [ann, bob]) await verifier.verify(token)
    verifier.forgetAll()
    for (const token of [ann, bob]) expect((await verifier.verify(token)).isCurrent).toBe(true)
    expect(asked()).toBe(4)
  })

  it('does not keep the answer to a question from before', async () => {
    const { verifier, ask, claimsFor } = setUp()
    const answer = createDeferred<VerifiedClaims>()
    ask.mockReturnValueOnce(answer.promise)
    const pending = verifier.verify(ann)
    verifier.forgetAll()
    answer.resolve(claimsFor('ann'))
    await pending
    expect((await verifier.verify(ann)).isCurrent).toBe(true)
  })
})

/** Lets every microtask that is due run. */
const settle = () => new Promise((resolve) => setImmediate(resolve))

describe('the renewal of an answer that is used', () => {
  it('asks in the background when four fifths of its time are over, and the request does not wait', async () => {
    const { verifier, ask, clock, claimsFor, asked } = setUp()
    const { claims } = await verifier.verify(ann)
    clock.advanceSeconds(23.999)
    await verifier.verify(ann)
    expect(asked()).toBe(1)
    clock.advanceSeconds(0.001)
    const answer = createDeferred<VerifiedClaims>()
    ask.mockReturnValueOnce(answer.promise)
    expect(await verifier.verify(ann)).toEqual({ claims, began: expect.any(Number), isCurrent: false })
    expect(ask.mock.lastCall).toEqual([
      ann,
      { key: toTokenDigest(ann), priority: 'background', wasGood: true, isSent: false },
    ])
    await verifier.verify(ann)
    expect(asked()).toBe(2)
    answer.resolve(claimsFor('ann', { scope: 'new' }))
    await settle()
    clock.advanceSeconds(23.999)
    expect((await verifier.verify(ann)).claims.scopes).toEqual(['new'])
    expect(asked()).toBe(2)
  })

  it('is not asked for where nobody uses it', async () => {
    const { verifier, clock, asked } = setUp()
    await verifier.verify(ann)
    clock.advanceSeconds(29)
    await settle()
    expect(asked()).toBe(1)
  })

  for (const [what, how] of [
    ['fails', () => Promise.reject(unavailable())],
    ['breaks', () => Promise.reject(new Error('a bug'))],
    [
      'does not end',
      (_: BearerToken, asking: Asking) => {
        asking.isSent = true
        return new Promise<never>(() => {})
      },
    ],
  ] as const) {
    it(`changes nothing where it ${what}, and the answer is never used for longer than ttlSeconds`, async () => {
      const { verifier, ask, clock } = setUp({ maxFlightMs: 30_000 })
      const { claims } = await verifier.verify(ann)
      ask.mockImplementation(how)
      clock.advanceSeconds(24)
      expect((await verifier.verify(ann)).claims).toBe(claims)
      await settle()
      clock.advanceSeconds(5.999)
      expect((await verifier.verify(ann)).claims).toBe(claims)
      await settle()
      clock.advanceSeconds(0.001)
      const outcome = verifier.verify(ann).catch((error: unknown) => error)
      await settle()
      clock.advanceSeconds(30)
      expect(await outcome).toBeInstanceOf(Error)
    })
  }

  it('counts the time of the new answer from its question', async () => {
    const { verifier, ask, clock, claimsFor } = setUp()
    await verifier.verify(ann)
    clock.advanceSeconds(24)
    const answer = createDeferred<VerifiedClaims>()
    ask.mockReturnValueOnce(answer.promise)
    await verifier.verify(ann)
    clock.advanceSeconds(5)
    answer.resolve(claimsFor('ann'))
    await settle()
    ask.mockRejectedValue(unavailable())
    clock.advanceSeconds(24.999)
    expect((await verifier.verify(ann)).isCurrent).toBe(false)
    await settle()
    clock.advanceSeconds(0.001)
    await expect(verifier.verify(ann)).rejects.toThrow(noAnswer)
  })

  it('lets the next request be refused where the token has been revoked', async () => {
    const { verifier, ask, clock } = setUp({ cache: { ...cacheOn, staleIfErrorSeconds: 3_600 } })
    await verifier.verify(ann)
    clock.advanceSeconds(24)
    ask.mockRejectedValue(inactive())
    expect((await verifier.verify(ann)).claims.userId).toBe('ann')
    await settle()
    await expect(verifier.verify(ann)).rejects.toThrow(notActive)
    ask.mockRejectedValue(unavailable())
    await expect(verifier.verify(ann)).rejects.toThrow(noAnswer)
  })

  it('brings nothing back that was forgotten meanwhile', async () => {
    const { verifier, ask, clock, claimsFor } = setUp()
    await verifier.verify(ann)
    clock.advanceSeconds(24)
    const answer = createDeferred<VerifiedClaims>()
    ask.mockReturnValueOnce(answer.promise)
    await verifier.verify(ann)
    verifier.forget({ userId: 'ann' })
    answer.resolve(claimsFor('ann', { scope: 'old' }))
    await settle()
    expect(await verifier.verify(ann)).toMatchObject({ claims: { scopes: [] }, isCurrent: true })
  })

  it('is joined by a request whose answer is over meanwhile, once it is on its way', async () => {
    const { verifier, ask, clock, claimsFor, asked } = setUp()
    await verifier.verify(ann)
    clock.advanceSeconds(24)
    const answer = createDeferred<VerifiedClaims>()
    ask.mockImplementationOnce((_, asking) => {
      asking.isSent = true
      return answer.promise
    })
    await verifier.verify(ann)
    clock.advanceSeconds(6)
    const late = verifier.verify(ann)
    answer.resolve(claimsFor('ann', { scope: 'new' }))
    expect(await late).toMatchObject({ claims: { scopes: ['new'] }, isCurrent: false })
    expect(asked()).toBe(2)
  })

  it('keeps no request waiting behind everybody else while it waits for its turn itself', async () => {
    const { verifier, ask, clock, claimsFor, asked } = setUp()
    await verifier.verify(ann)
    clock.advanceSeconds(24)
    const waiting = createDeferred<VerifiedClaims>()
    ask.mockReturnValueOnce(waiting.promise)
    await verifier.verify(ann)
    clock.advanceSeconds(6)
    expect(await verifier.verify(ann)).toMatchObject({ isCurrent: true })
    expect(ask.mock.lastCall?.[1]).toMatchObject({ priority: 'known', wasGood: true })
    expect(asked()).toBe(3)
    waiting.resolve(claimsFor('ann', { scope: 'old' }))
    await settle()
    expect((await verifier.verify(ann)).claims.scopes).toEqual([])
  })

  it('knows a second one as waiting though the first has ended since', async () => {
    const { verifier, ask, clock, claimsFor } = setUp()
    await verifier.verify(ann)
    const waiting = [createDeferred<VerifiedClaims>(), createDeferred<VerifiedClaims>()] as const
    clock.advanceSeconds(24)
    ask.mockReturnValueOnce(waiting[0].promise)
    await verifier.verify(ann)
    clock.advanceSeconds(6)
    await verifier.verify(ann)
    clock.advanceSeconds(24)
    ask.mockReturnValueOnce(waiting[1].promise)
    await verifier.verify(ann)
    waiting[0].resolve(claimsFor('ann'))
    await settle()
    clock.advanceSeconds(6)
    expect(await verifier.verify(ann)).toMatchObject({ isCurrent: true })
  })
})

describe('the cache off', () => {
  it('never takes the answer to a question that was sent before the request', async () => {
    const { verifier, ask, claimsFor, asked } = setUp({ cache: undefined })
    const before = createDeferred<VerifiedClaims>()
    ask.mockReturnValueOnce(before.promise).mockRejectedValueOnce(inactive())
    const first = verifier.verify(ann)
    // The token is revoked here.
    const second = verifier.verify(ann).catch((error: unknown) => error)
    before.resolve(claimsFor('ann'))
    expect((await first).claims.userId).toBe('ann')
    expect(await second).toEqual(notActive)
    expect(asked()).toBe(2)
  })

  it('asks on where a question before it fails', async () => {
    const { verifier, ask } = setUp({ cache: undefined })
    const before = createDeferred<VerifiedClaims>()
    ask.mockReturnValueOnce(before.promise)
    const first = verifier.verify(ann).catch((error: unknown) => error)
    const second = verifier.verify(ann)
    before.reject(unavailable())
    expect(await first).toEqual(noAnswer)
    expect(await second).toMatchObject({ claims: { userId: 'ann' }, isCurrent: true })
  })

  it('waits no longer for a question that does not end than it may take', async () => {
    const { verifier, ask, clock, asked } = setUp({ cache: undefined, maxFlightMs: 30_000 })
    ask.mockReturnValueOnce(new Promise(() => {}))
    const lost = verifier.verify(ann)
    const second = verifier.verify(ann)
    clock.advanceSeconds(30)
    expect(await second).toMatchObject({ claims: { userId: 'ann' } })
    expect(lost).toBeInstanceOf(Promise)
    expect(asked()).toBe(2)
  })
})

describe('a question that does not end', () => {
  it('is joined for as long as it may take, and then asked anew', async () => {
    const { verifier, ask, clock, asked } = setUp({ maxFlightMs: 30_000 })
    ask.mockReturnValueOnce(new Promise(() => {}))
    const lost = verifier.verify(ann)
    const joined = verifier.verify(ann).catch((error: unknown) => error)
    clock.advanceSeconds(29.999)
    expect(asked()).toBe(1)
    clock.advanceSeconds(0.001)
    expect(await joined).toEqual(
      authorizationError('ERR_PROVIDER_UNAVAILABLE', 'a request to ZITADEL that others wait for too did not end'),
    )
    expect(await verifier.verify(ann)).toMatchObject({ claims: { userId: 'ann' }, isCurrent: true })
    expect(lost).toBeInstanceOf(Promise)
  })
})

describe('the priority of a question', () => {
  const priorityOf = (ask: { readonly mock: { readonly lastCall?: readonly unknown[] | undefined } }) =>
    ask.mock.lastCall?.[1]

  it('is that of a token that was good, of one that looks like it, or of any other', async () => {
    const { verifier, ask, clock } = setUp()
    await verifier.verify(ann)
    expect(priorityOf(ask)).toMatchObject({ priority: 'new', wasGood: false })
    await verifier.verify(bob)
    expect(priorityOf(ask)).toMatchObject({ priority: 'likely', wasGood: false })
    await verifier.verify(toToken('other.kind'))
    expect(priorityOf(ask)).toMatchObject({ priority: 'new', wasGood: false })
    clock.advanceSeconds(30)
    await verifier.verify(ann)
    expect(priorityOf(ask)).toMatchObject({ priority: 'known', wasGood: true })
  })

  it('is no longer that of a good token once it is not', async () => {
    const { verifier, ask, again } = setUp()
    await verifier.verify(ann)
    ask.mockRejectedValueOnce(inactive())
    await outcomeOf(() => again(ann))
    await verifier.verify(ann)
    expect(priorityOf(ask)).toMatchObject({ wasGood: false })
  })

  it('stays that of a good token while ZITADEL does not answer', async () => {
    const { verifier, ask, again } = setUp()
    await verifier.verify(ann)
    ask.mockRejectedValueOnce(unavailable())
    await outcomeOf(() => again(ann))
    await again(ann)
    expect(priorityOf(ask)).toMatchObject({ priority: 'known', wasGood: true })
  })

  it('is known with the cache off too', async () => {
    const { verifier, ask } = setUp({ cache: undefined })
    await verifier.verify(ann)
    await verifier.verify(ann)
    expect(priorityOf(ask)).toMatchObject({ priority: 'known', wasGood: true })
  })
})

describe('a revocation of JWTs', () => {
  /** JWTs that were signed now, or so many seconds later. */
  function setUpJwt({ canAsk = true, cache = cacheOn as CachedVerifierOptions['cache'] } = {}) {
    const introspect = vi.fn<TokenVerifier>(async (token) => made.claimsFor(token.replace('token-of-', '')))
    const made = setUp({ cache, ...(canAsk ? { ask: introspect } : {}), maxJwtLifetimeSeconds: 3_600 })
    const isVouchedFor = vi.fn(() => true)
    const sign = (user: string, issuedIn = 0): VerifiedClaims => ({
      ...made.claimsFor(user, { jti: `V2_${user}-at_1` }),
      verifiedBy: 'jwt',
      issuedAtSeconds: made.start + issuedIn,
      isStillVouchedFor: isVouchedFor,
    })
    made.ask.mockImplementation(async (token) => sign(token.replace('token-of-', '')))
    return { ...made, introspect, sign, isVouchedFor }
  }

  const targets = [
    { token: 'token-of-ann' },
    { userId: 'ann' },
    { tokenId: 'V2_ann-at_1' },
    { sessionId: 'V2_ann' },
    'all',
  ] as const
  const forget = ({ verifier }: ReturnType<typeof setUpJwt>, target: (typeof targets)[number]) =>
    target === 'all' ? verifier.forgetAll() : verifier.forget(target)

  for (const target of targets) {
    const name = JSON.stringify(target)
    it(`has ZITADEL asked where it can be: ${name}`, async () => {
      const made = setUpJwt()
      await made.verifier.verify(ann)
      forget(made, target)
      expect((await made.verifier.verify(ann)).claims.verifiedBy).toBe('introspection')
      expect(made.introspect.mock.calls.map(([token]) => token)).toEqual([ann])
      made.introspect.mockRejectedValue(inactive())
      made.clock.advanceSeconds(30)
      await expect(made.verifier.verify(ann)).rejects.toThrow(notActive)
    })

    it(`refuses what was signed before where it cannot be: ${name}`, async () => {
      const made = setUpJwt({ canAsk: false })
      await made.verifier.verify(ann)
      forget(made, target)
      await expect(made.verifier.verify(ann)).rejects.toThrow(
        authorizationError('ERR_TOKEN_INVALID', expect.stringContaining('its client needs a new one')),
      )
    })

    it(`also counts with the cache off, and for a token that comes for the first time: ${name}`, async () => {
      const made = setUpJwt({ canAsk: false, cache: undefined })
      forget(made, target)
      await expect(made.verifier.verify(ann)).rejects.toMatchObject({ code: 'ERR_TOKEN_INVALID' })
    })

    it(`lets a token pass that was signed after it: ${name}`, async () => {
      const made = setUpJwt({ canAsk: false })
      forget(made, target)
      made.ask.mockResolvedValue(made.sign('ann', 5.001))
      // The same token cannot be signed anew; whatever else is of the user can.
      const token = target !== 'all' && 'token' in target ? toToken('token-of-ann-2') : ann
      expect((await made.verifier.verify(token)).claims.userId).toBe('ann')
    })

    if (target !== 'all') {
      it(`is none of any other's: ${name}`, async () => {
        const made = setUpJwt({ canAsk: false })
        forget(made, target)
        expect((await made.verifier.verify(bob)).claims.userId).toBe('bob')
      })
    }
  }

  it('counts for a question that was under way', async () => {
    const made = setUpJwt({ canAsk: false })
    const answer = createDeferred<VerifiedClaims>()
    made.ask.mockReturnValueOnce(answer.promise)
    const pending = made.verifier.verify(ann)
    made.verifier.forget({ userId: 'ann' })
    answer.resolve(made.sign('ann'))
    await expect(pending).rejects.toMatchObject({ code: 'ERR_TOKEN_INVALID' })
  })

  it('does not concern what ZITADEL itself says', async () => {
    const { verifier, claimsFor, ask } = setUp()
    verifier.forgetAll()
    ask.mockResolvedValue(claimsFor('ann'))
    expect((await verifier.verify(ann)).claims.userId).toBe('ann')
  })

  it('is over after the lifetime of JWTs', async () => {
    const made = setUpJwt({ canAsk: false })
    made.verifier.forgetAll()
    made.clock.advanceSeconds(3_605)
    made.ask.mockResolvedValue({ ...made.sign('ann'), expiresAtSeconds: made.start + 86_400 })
    expect((await made.verifier.verify(ann)).claims.userId).toBe('ann')
  })

  it('leaves the answers about JWTs of others where they are, which serve as long as their key is published', async () => {
    const { verifier, clock, isVouchedFor, asked } = setUpJwt()
    await verifier.verify(ann)
    verifier.forget({ userId: 'bob' })
    clock.advanceSeconds(3_000)
    expect((await verifier.verify(ann)).isCurrent).toBe(false)
    expect(asked()).toBe(1)
    isVouchedFor.mockReturnValueOnce(false)
    expect((await verifier.verify(ann)).isCurrent).toBe(true)
    expect(asked()).toBe(2)
  })
})
