import { describe, expect, it, vi } from 'vitest'
import { createClaims, toToken } from '../../test/contexts.js'
import { createDeferred } from '../../test/deferred.js'
import { authorizationError, outcomeOf, typeError } from '../../test/expected-errors.js'
import { createManualClock } from '../../test/manual-clock.js'
import { AuthorizationError } from '../errors/authorization-error.js'
import type { Publish } from '../internal/diagnostics.js'
import type { BearerToken } from '../request/bearer-token.js'
import { createCachedVerifier } from './cached.js'
import type { CacheSettings } from './remembered-answers.js'
import { createTokenDigest } from './token-digest.js'
import type { TokenVerifier, VerifiedClaims } from './verifier.js'

const ann = toToken('token-of-ann')
const bob = toToken('token-of-bob')
const cleo = toToken('token-of-cleo')

const cacheOn = { ttlSeconds: 30, maxEntries: 100 }

const inactive = () => new AuthorizationError('ERR_TOKEN_INVALID', 'not active')
const unavailable = () => new AuthorizationError('ERR_PROVIDER_UNAVAILABLE', 'no answer')
const notActive = authorizationError('ERR_TOKEN_INVALID', 'not active')
const noAnswer = authorizationError('ERR_PROVIDER_UNAVAILABLE', 'no answer')

function setUp({ cache }: { readonly cache: CacheSettings | undefined } = { cache: cacheOn }) {
  const clock = createManualClock()
  /** Claims that expire so many seconds from the start. */
  const claimsFor = (userId: string, more: object = {}): VerifiedClaims =>
    createClaims({ sub: userId, jti: `id-of-${userId}`, exp: start + 3_600, ...more })
  const start = clock.now() / 1_000
  const ask = vi.fn<TokenVerifier>(async (token) => claimsFor(token.replace('token-of-', '')))
  const requireAcceptable = vi.fn<(claims: VerifiedClaims) => void>()
  const digest = createTokenDigest('https://zitadel.example', 'client-1')
  const events: unknown[] = []
  const publish: Publish = (name, toEvent) => events.push([name, toEvent()])
  const verifier = createCachedVerifier(ask, { cache, requireAcceptable, digest, clock, publish })
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

describe('verify', () => {
  it('asks for a new token, and remembers the answer', async () => {
    const { verifier, ask } = setUp()
    const first = await verifier.verify(ann)
    const second = await verifier.verify(ann)
    expect([first.isCurrent, second.isCurrent]).toEqual([true, false])
    expect(second.claims).toBe(first.claims)
    expect(ask.mock.calls).toEqual([[ann]])
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
    clock.advanceSeconds(29.999)
    await verifier.verify(ann)
    expect(asked()).toBe(1)
    clock.advanceSeconds(0.001)
    expect((await verifier.verify(ann)).isCurrent).toBe(true)
    expect(asked()).toBe(2)
  })

  it('does not keep an answer longer because it is used', async () => {
    const { verifier, clock, asked } = setUp()
    for (const seconds of [0, 10, 10, 9.999]) {
      clock.advanceSeconds(seconds)
      await verifier.verify(ann)
    }
    expect(asked()).toBe(1)
    clock.advanceSeconds(0.001)
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
    clock.advanceSeconds(25.999)
    await verifier.verify(ann)
    expect(asked()).toBe(1)
    clock.advanceSeconds(0.001)
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
    clock.advanceSeconds(29)
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
    const { verifier, requireAcceptable, asked } = setUp()
    const { claims } = await verifier.verify(ann)
    await verifier.verify(ann)
    expect(requireAcceptable.mock.calls).toEqual([[claims], [claims]])
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

  it('asks again when the clock was set back, since the age of the answer is unknown', async () => {
    const { verifier, clock, asked } = setUp()
    await verifier.verify(ann)
    clock.advanceSeconds(-0.001)
    expect((await verifier.verify(ann)).isCurrent).toBe(true)
    expect(asked()).toBe(2)
  })

  it('asks again when the clock was set forward', async () => {
    const { verifier, clock, asked } = setUp()
    await verifier.verify(ann)
    clock.advanceSeconds(86_400)
    await verifier.verify(ann)
    expect(asked()).toBe(2)
  })

  it('asks for every request with the cache off', async () => {
    const { verifier, asked } = setUp({ cache: undefined })
    await verifier.verify(ann)
    expect((await verifier.verify(ann)).isCurrent).toBe(true)
    expect(asked()).toBe(2)
  })

  for (const [what, cache] of [
    ['with the cache on', cacheOn],
    ['with the cache off', undefined],
  ] as const) {
    it(`asks once for all who bring a token at once, ${what}`, async () => {
      const { verifier, ask, claimsFor, asked } = setUp({ cache })
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

    it(`shares a failure with all who wait, and asks the next time, ${what}`, async () => {
      const { verifier, ask, asked } = setUp({ cache })
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
  }
})

describe('a request that joins a question older than itself', () => {
  for (const [what, cache] of [
    ['with the cache on', cacheOn],
    ['with the cache off', undefined],
  ] as const) {
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
    clock.advanceSeconds(29.999)
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

  it('does not count more time than has passed when the clock is set back', async () => {
    const { verifier, again, clock, asked } = setUp()
    await verifier.verify(ann)
    for (const _ of [1, 2, 3, 4, 5]) await again(ann)
    clock.advanceSeconds(-1)
    await again(ann)
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
    { userId: '' },
    { userId: 7 },
    { user: 'ann' },
    { userId: 'ann', tokenId: 'id-of-ann' },
  ]) {
    it(`takes ${JSON.stringify(target)} ${Object.keys(target ?? {}).join()} for a mistake`, async () => {
      const { verifier } = setUp()
      await verifier.verify(ann)
      expect(() => verifier.forget(target as never)).toThrow(
        typeError('forget() takes { token }, { userId } or { tokenId }, with a text that is not empty'),
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
