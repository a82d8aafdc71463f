import { describe, expect, it, vi } from 'vitest'
import { createClaims, toToken } from '../../test/contexts.js'
import { createDeferred } from '../../test/deferred.js'
import { typeError } from '../../test/expected-errors.js'
import { createManualClock } from '../../test/manual-clock.js'
import { AuthorizationError } from '../errors.js'
import type { Publish } from '../internal/diagnostics.js'
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
  return { verifier, ask, clock, start, claimsFor, requireAcceptable, events, asked: () => ask.mock.calls.length }
}

describe('verify', () => {
  it('asks for a new token, and remembers the answer', async () => {
    const { verifier, ask } = setUp()
    const first = await verifier.verify(ann)
    const second = await verifier.verify(ann)
    expect([first.remembered, second.remembered]).toEqual([false, true])
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
    expect((await verifier.verify(ann)).remembered).toBe(false)
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
    expect((await verifier.verify(ann)).remembered).toBe(false)
    expect(asked()).toBe(2)
  })

  for (const failure of [inactive(), unavailable(), new Error('a bug')]) {
    it(`does not remember a refusal: ${failure.message}`, async () => {
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
    expect((await verifier.verify(ann)).remembered).toBe(false)
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
    expect((await verifier.verify(ann)).remembered).toBe(true)
    expect((await verifier.verify(cleo)).remembered).toBe(true)
    expect((await verifier.verify(bob)).remembered).toBe(false)
  })

  it('asks again when the clock was set back, since the age of the answer is unknown', async () => {
    const { verifier, clock, asked } = setUp()
    await verifier.verify(ann)
    clock.advanceSeconds(-0.001)
    expect((await verifier.verify(ann)).remembered).toBe(false)
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
    expect((await verifier.verify(ann)).remembered).toBe(false)
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
      const users = (await Promise.all(pending)).map(({ claims, remembered }) => [claims.userId, remembered])
      // The answers to the second and third may be older than they are.
      expect(users).toEqual([
        ['ann', false],
        ['ann', true],
        ['ann', true],
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
      expect(await pending).toEqual([
        { status: 'rejected', reason: failure },
        { status: 'rejected', reason: failure },
      ])
      expect(asked()).toBe(1)
      expect((await verifier.verify(ann)).claims.userId).toBe('ann')
      expect(asked()).toBe(2)
    })
  }
})

describe('verifyAgain', () => {
  it('asks although the answer is remembered, and remembers the new one', async () => {
    const { verifier, ask, claimsFor, asked } = setUp()
    await verifier.verify(ann)
    const promoted = claimsFor('ann', { scope: 'promoted' })
    ask.mockResolvedValueOnce(promoted)
    expect(await verifier.verifyAgain(ann)).toBe(promoted)
    expect(await verifier.verify(ann)).toEqual({ claims: promoted, remembered: true })
    expect(asked()).toBe(2)
  })

  it('starts the time to live of the new answer', async () => {
    const { verifier, clock, asked } = setUp()
    await verifier.verify(ann)
    clock.advanceSeconds(20)
    await verifier.verifyAgain(ann)
    clock.advanceSeconds(29.999)
    await verifier.verify(ann)
    expect(asked()).toBe(2)
  })

  it('asks for a token that is not remembered', async () => {
    const { verifier, asked } = setUp()
    expect((await verifier.verifyAgain(ann)).userId).toBe('ann')
    expect(asked()).toBe(1)
  })

  it('asks at most once a second per token, and lets later callers wait for the end of that second', async () => {
    const { verifier, clock, asked } = setUp()
    await verifier.verify(ann)
    await verifier.verifyAgain(ann)
    expect(asked()).toBe(2)
    clock.advanceSeconds(0.4)
    const pending = verifier.verifyAgain(ann)
    await clock.untilSleeping()
    clock.advanceSeconds(0.599)
    expect(asked()).toBe(2)
    clock.advanceSeconds(0.001)
    await pending
    expect(asked()).toBe(3)
  })

  it('asks at once when a second has passed', async () => {
    const { verifier, clock, asked } = setUp()
    await verifier.verify(ann)
    await verifier.verifyAgain(ann)
    clock.advanceSeconds(1)
    await verifier.verifyAgain(ann)
    expect(asked()).toBe(3)
  })

  it('asks once for all who wait', async () => {
    const { verifier, ask, clock, claimsFor, asked } = setUp()
    await verifier.verify(ann)
    await verifier.verifyAgain(ann)
    const promoted = claimsFor('ann', { scope: 'promoted' })
    ask.mockResolvedValueOnce(promoted)
    const pending = [verifier.verifyAgain(ann), verifier.verifyAgain(ann), verifier.verifyAgain(ann)]
    await clock.untilSleeping()
    clock.advanceSeconds(1)
    expect(await Promise.all(pending)).toEqual([promoted, promoted, promoted])
    expect(asked()).toBe(3)
  })

  it('lets one token wait without the others', async () => {
    const { verifier, clock, asked } = setUp()
    for (const token of [ann, bob]) await verifier.verify(token)
    await verifier.verifyAgain(ann)
    const pending = verifier.verifyAgain(ann)
    await clock.untilSleeping()
    await verifier.verifyAgain(bob)
    expect(asked()).toBe(4)
    clock.advanceSeconds(1)
    await pending
  })

  it('still gives the remembered answer to others meanwhile', async () => {
    const { verifier, clock } = setUp()
    await verifier.verify(ann)
    await verifier.verifyAgain(ann)
    const pending = verifier.verifyAgain(ann)
    await clock.untilSleeping()
    expect((await verifier.verify(ann)).remembered).toBe(true)
    clock.advanceSeconds(1)
    await pending
  })

  it('drops what is remembered when the token has been revoked', async () => {
    const { verifier, ask, asked } = setUp()
    await verifier.verify(ann)
    const refusal = inactive()
    ask.mockRejectedValueOnce(refusal)
    await expect(verifier.verifyAgain(ann)).rejects.toBe(refusal)
    expect((await verifier.verify(ann)).remembered).toBe(false)
    expect(asked()).toBe(3)
  })

  it('drops what is remembered when the new answer is not acceptable', async () => {
    const { verifier, requireAcceptable } = setUp()
    await verifier.verify(ann)
    const refusal = inactive()
    requireAcceptable.mockImplementationOnce(() => {
      throw refusal
    })
    await expect(verifier.verifyAgain(ann)).rejects.toBe(refusal)
    expect((await verifier.verify(ann)).remembered).toBe(false)
  })

  it('keeps what is remembered when ZITADEL does not answer, and asks again only after a second', async () => {
    const { verifier, ask, clock, asked } = setUp()
    await verifier.verify(ann)
    const failure = unavailable()
    ask.mockRejectedValueOnce(failure)
    await expect(verifier.verifyAgain(ann)).rejects.toBe(failure)
    expect((await verifier.verify(ann)).remembered).toBe(true)
    const pending = verifier.verifyAgain(ann)
    await clock.untilSleeping()
    expect(asked()).toBe(2)
    clock.advanceSeconds(1)
    await pending
    expect(asked()).toBe(3)
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
    await expect(verifier.verify(ann)).rejects.toThrow('no answer')
  })
})

describe('a repeat', () => {
  it('waits for a second at most, also when the clock was set back', async () => {
    const { verifier, ask, clock } = setUp()
    await verifier.verify(ann)
    ask.mockRejectedValueOnce(unavailable())
    await expect(verifier.verifyAgain(ann)).rejects.toThrow('no answer')
    // Not before the answer that is remembered was asked for: its age would be unknown.
    clock.advanceSeconds(20)
    ask.mockRejectedValueOnce(unavailable())
    await expect(verifier.verifyAgain(ann)).rejects.toThrow('no answer')
    clock.advanceSeconds(-19)
    const repeat = verifier.verifyAgain(ann)
    await clock.untilSleeping()
    clock.advanceSeconds(1)
    expect((await repeat).userId).toBe('ann')
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
    expect((await verifier.verify(ann)).remembered).toBe(false)
  })

  it('says nothing of an answer that is replaced or forgotten', async () => {
    const { verifier, events } = setUp({ cache })
    await verifier.verify(ann)
    await verifier.verifyAgain(ann)
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
      expect((await verifier.verify(ann)).remembered).toBe(true)
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
    await expect(outdated).rejects.toThrow('not active')
    expect((await verifier.verify(ann)).remembered).toBe(true)
  })

  it('does not bring back an answer that a later one has replaced', async () => {
    const { verifier, ask, claimsFor, clock } = setUp()
    await verifier.verify(ann)
    clock.advanceSeconds(30)
    const slow = createDeferred<VerifiedClaims>()
    ask.mockReturnValueOnce(slow.promise)
    const outdated = verifier.verify(ann)
    ask.mockRejectedValueOnce(new AuthorizationError('ERR_TOKEN_INVALID', 'revoked meanwhile'))
    await expect(verifier.verifyAgain(ann)).rejects.toThrow('revoked meanwhile')
    slow.resolve(claimsFor('ann'))
    await outdated
    expect((await verifier.verify(ann)).remembered).toBe(false)
  })
})

describe('staleIfErrorSeconds', () => {
  const cache = { ...cacheOn, staleIfErrorSeconds: 60 }

  it('serves what was known for so long after its time, while ZITADEL is down', async () => {
    const { verifier, ask, clock, events, asked } = setUp({ cache })
    const { claims } = await verifier.verify(ann)
    ask.mockRejectedValue(unavailable())
    clock.advanceSeconds(89.999)
    expect(await verifier.verify(ann)).toEqual({ claims, remembered: true })
    expect(events.slice(1)).toEqual(['miss', 'stale'].map((outcome) => ['cache', { outcome }]))
    expect(asked()).toBe(2)
    clock.advanceSeconds(0.001)
    await expect(verifier.verify(ann)).rejects.toThrow('no answer')
  })

  it('never serves past the expiry of the token', async () => {
    const { verifier, ask, claimsFor, clock, start } = setUp({ cache })
    ask.mockResolvedValueOnce(claimsFor('ann', { exp: start + 40 }))
    await verifier.verify(ann)
    ask.mockRejectedValue(unavailable())
    clock.advanceSeconds(39.999)
    expect((await verifier.verify(ann)).remembered).toBe(true)
    clock.advanceSeconds(0.001)
    await expect(verifier.verify(ann)).rejects.toThrow('no answer')
  })

  it('checks what it serves like any remembered answer', async () => {
    const { verifier, ask, clock, requireAcceptable } = setUp({ cache })
    await verifier.verify(ann)
    ask.mockRejectedValue(unavailable())
    clock.advanceSeconds(31)
    requireAcceptable.mockImplementation(() => {
      throw inactive()
    })
    await expect(verifier.verify(ann)).rejects.toThrow('not active')
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
    await expect(verifier.verify(ann)).rejects.toThrow('no answer')
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
      expect((await verifier.verify(ann)).remembered).toBe(false)
      expect((await verifier.verify(bob)).remembered).toBe(true)
    })
  }

  it('drops every token of a user', async () => {
    const { verifier, ask, claimsFor } = setUp()
    ask.mockResolvedValueOnce(claimsFor('ann')).mockResolvedValueOnce(claimsFor('ann', { jti: 'another' }))
    for (const token of [ann, bob]) await verifier.verify(token)
    verifier.forget({ userId: 'ann' })
    expect((await verifier.verify(ann)).remembered).toBe(false)
    expect((await verifier.verify(bob)).remembered).toBe(false)
  })

  for (const target of [{ token: 'token-of-an' }, { userId: 'an' }, { tokenId: 'id-of-an' }]) {
    it(`drops nothing for ${JSON.stringify(target)}, which nobody has`, async () => {
      const { verifier } = setUp()
      await verifier.verify(ann)
      verifier.forget(target)
      expect((await verifier.verify(ann)).remembered).toBe(true)
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
    const { verifier, ask, claimsFor, asked } = setUp()
    const old = [createDeferred<VerifiedClaims>(), createDeferred<VerifiedClaims>()] as const
    ask.mockReturnValueOnce(old[0].promise).mockReturnValueOnce(old[1].promise)
    const pending = [verifier.verify(ann), verifier.verifyAgain(bob)]
    verifier.forget({ userId: 'nobody' })
    expect((await verifier.verify(ann)).claims.scopes).toEqual([])
    expect((await verifier.verifyAgain(bob)).scopes).toEqual([])
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
      expect((await verifier.verify(ann)).remembered).toBe(true)
    })
  }
})

describe('forgetAll', () => {
  it('drops everything', async () => {
    const { verifier, asked } = setUp()
    for (const token of [ann, bob]) await verifier.verify(token)
    verifier.forgetAll()
    for (const token of [ann, bob]) expect((await verifier.verify(token)).remembered).toBe(false)
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
    expect((await verifier.verify(ann)).remembered).toBe(false)
  })
})
