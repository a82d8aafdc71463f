import { describe, expect, it, vi } from 'vitest'
import { createDeferred } from '../../test/deferred.js'
import { authorizationError, outcomeOf } from '../../test/expected-errors.js'
import { createManualClock } from '../../test/manual-clock.js'
import { createBelief } from './believable-answers.js'

const doubted = authorizationError(
  'ERR_PROVIDER_UNAVAILABLE',
  expect.stringContaining('it may have lost its database, so it is not believed'),
  { status: 503 },
)

function setUp(isWorking = false) {
  const clock = createManualClock()
  const isZitadelWorking = vi.fn(async () => isWorking)
  const requireBelievable = createBelief({ isZitadelWorking, clock })
  const say = (isActive: boolean, wasGood: boolean) => outcomeOf(() => requireBelievable(isActive, wasGood))
  return { clock, isZitadelWorking, say, looks: () => isZitadelWorking.mock.calls.length }
}

describe('createBelief', () => {
  it('believes that tokens are active, and looks at nothing', async () => {
    const { say, looks } = setUp()
    for (const wasGood of [true, false, true]) expect(await say(true, wasGood)).toBeUndefined()
    expect(looks()).toBe(0)
  })

  it('believes of four new tokens in a row that they are inactive, and looks at nothing', async () => {
    const { say, looks } = setUp()
    for (const _ of [1, 2, 3, 4]) expect(await say(false, false)).toBeUndefined()
    expect(looks()).toBe(0)
  })

  it('doubts five in a row, and those after them', async () => {
    const { say, looks } = setUp()
    for (const _ of [1, 2, 3, 4]) await say(false, false)
    expect(await say(false, false)).toEqual(doubted)
    expect(await say(false, false)).toEqual(doubted)
    expect(looks()).toBe(1)
  })

  it('counts anew after an active one', async () => {
    const { say, looks } = setUp()
    for (const _ of [1, 2, 3, 4]) await say(false, false)
    await say(true, false)
    for (const _ of [1, 2, 3, 4]) expect(await say(false, false)).toBeUndefined()
    expect(looks()).toBe(0)
  })

  it('doubts at once that a token which was good is inactive', async () => {
    const { say } = setUp()
    expect(await say(false, true)).toEqual(doubted)
  })

  it('believes both where ZITADEL can serve its keys', async () => {
    const { say, looks } = setUp(true)
    expect(await say(false, true)).toBeUndefined()
    for (const _ of [1, 2, 3, 4, 5, 6]) expect(await say(false, false)).toBeUndefined()
    expect(looks()).toBe(1)
  })

  it('looks once in ten seconds, whatever it saw and however the clock is set', async () => {
    const { say, looks, clock, isZitadelWorking } = setUp(true)
    await say(false, true)
    isZitadelWorking.mockResolvedValue(false)
    clock.setNowSeconds(3_600)
    clock.advanceSeconds(9.999)
    expect(await say(false, true)).toBeUndefined()
    clock.advanceSeconds(0.001)
    expect(await say(false, true)).toEqual(doubted)
    expect(looks()).toBe(2)
    isZitadelWorking.mockResolvedValue(true)
    clock.advanceSeconds(9.999)
    expect(await say(false, true)).toEqual(doubted)
    clock.advanceSeconds(0.001)
    expect(await say(false, true)).toBeUndefined()
    expect(looks()).toBe(3)
  })

  it('looks once for all who doubt at once', async () => {
    const { say, looks, isZitadelWorking } = setUp()
    const look = createDeferred<boolean>()
    isZitadelWorking.mockReturnValue(look.promise)
    const outcomes = [say(false, true), say(false, true), say(true, true)]
    expect(await outcomes[2]).toBeUndefined()
    look.resolve(false)
    expect(await Promise.all(outcomes)).toEqual([doubted, doubted, undefined])
    expect(looks()).toBe(1)
  })
})
