import { describe, expect, it } from 'vitest'
import { createClaims } from '../../test/contexts.js'
import { createManualClock } from '../../test/manual-clock.js'
import { type MarkName, Revocations } from './revocations.js'
import type { VerifiedClaims } from './verifier.js'

function setUp(maxJwtLifetimeSeconds = 3_600) {
  const clock = createManualClock()
  const start = clock.now() / 1_000
  const revocations = new Revocations(maxJwtLifetimeSeconds, clock)
  /** Claims of a token that was issued so many seconds after the start. */
  const issuedIn = (seconds: number | undefined, more: object = {}): VerifiedClaims =>
    createClaims({
      ...{ sub: 'ann', jti: 'V2_1-at_2', iat: seconds === undefined ? undefined : start + seconds },
      ...more,
    })
  return { clock, revocations, issuedIn, covers: (claims: VerifiedClaims) => revocations.cover(claims, 'digest') }
}

const marks: readonly MarkName[] = ['token digest', 'user ann', 'id V2_1-at_2', 'session V2_1']

describe('Revocations', () => {
  it('cover nothing at first', () => {
    const { covers, issuedIn } = setUp()
    expect([covers(issuedIn(0)), covers(issuedIn(undefined))]).toEqual([false, false])
  })

  for (const mark of [...marks, 'all'] as const) {
    const add = (revocations: Revocations) => revocations.add(mark)

    it(`cover what was issued before, and five seconds after, by a clock that is ahead: ${mark}`, () => {
      const { revocations, covers, issuedIn, clock } = setUp()
      clock.advanceSeconds(10)
      add(revocations)
      const covered = [undefined, -86_400, 0, 10, 15].map((seconds) => covers(issuedIn(seconds)))
      expect(covered).toEqual([true, true, true, true, true])
      expect([15.001, 16, 86_400].map((seconds) => covers(issuedIn(seconds)))).toEqual([false, false, false])
    })

    it(`are moved on by a later one: ${mark}`, () => {
      const { revocations, covers, issuedIn, clock } = setUp()
      add(revocations)
      clock.advanceSeconds(100)
      expect(covers(issuedIn(100))).toBe(false)
      add(revocations)
      expect(covers(issuedIn(100))).toBe(true)
    })

    it(`are not moved back by a later one, after the clock was set back: ${mark}`, () => {
      const { revocations, covers, issuedIn, clock } = setUp()
      clock.advanceSeconds(100)
      add(revocations)
      clock.setNowSeconds(-100)
      add(revocations)
      expect([105, 106].map((seconds) => covers(issuedIn(seconds)))).toEqual([true, false])
    })
  }

  for (const mark of [
    'token other',
    'user bob',
    'id V2_1-at_3',
    'id V2_1',
    'session V2_2',
    'session V2_1-at_2',
    'session V2',
    'user V2_1',
  ] as const) {
    it(`cover no other token: ${mark}`, () => {
      const { revocations, covers, issuedIn } = setUp()
      revocations.add(mark)
      expect(covers(issuedIn(0))).toBe(false)
    })
  }

  it('cover a token without an id by its user', () => {
    const { revocations, covers, issuedIn } = setUp()
    revocations.add('id undefined' as MarkName)
    expect(covers(issuedIn(0, { jti: undefined }))).toBe(false)
    revocations.add('user ann')
    expect(covers(issuedIn(0, { jti: undefined }))).toBe(true)
  })

  it('are kept for the lifetime of a JWT', () => {
    const { revocations, issuedIn, clock } = setUp()
    const forever = issuedIn(0)
    revocations.add('user ann')
    clock.advanceSeconds(3_600)
    expect(revocations.cover(forever, 'digest')).toBe(true)
    // Those that are over go as others come, so they take no room.
    clock.advanceSeconds(10)
    revocations.add('user bob')
    expect(revocations.cover(forever, 'digest')).toBe(false)
  })

  it('of everything are over after the lifetime of a JWT, though the clock be set', () => {
    const { revocations, covers, issuedIn, clock } = setUp()
    revocations.add('all')
    clock.setNowSeconds(86_400)
    // One from five seconds later lives as long.
    clock.advanceSeconds(3_604.999)
    expect(covers(issuedIn(0))).toBe(true)
    clock.advanceSeconds(0.001)
    expect(covers(issuedIn(0))).toBe(false)
  })
})

describe('revocations in other processes', () => {
  for (const mark of [...marks, 'all'] as const) {
    it(`count from when they were, and five seconds longer: ${mark}`, () => {
      const { revocations, covers, issuedIn, clock } = setUp()
      clock.advanceSeconds(100)
      revocations.add(mark, clock.now() - 60_000)
      expect([40, 45, 46].map((seconds) => covers(issuedIn(seconds)))).toEqual([true, true, false])
    })

    it(`that are still to come, by a clock that is ahead, were now: ${mark}`, () => {
      const { revocations, covers, issuedIn, clock } = setUp()
      revocations.add(mark, clock.now() + 60_000)
      expect([5, 6].map((seconds) => covers(issuedIn(seconds)))).toEqual([true, false])
    })
  }

  it('of everything are over as long after that as those in this one', () => {
    const { revocations, covers, issuedIn, clock } = setUp()
    clock.advanceSeconds(100)
    revocations.add('all', clock.now() - 60_000)
    clock.advanceSeconds(3_544.999)
    expect(covers(issuedIn(0))).toBe(true)
    clock.advanceSeconds(0.001)
    expect(covers(issuedIn(0))).toBe(false)
  })

  it('of everything do not end one that is later', () => {
    const { revocations, covers, issuedIn, clock } = setUp()
    revocations.add('all')
    revocations.add('all', clock.now() - 3_000_000)
    clock.advanceSeconds(3_600)
    expect(covers(issuedIn(0))).toBe(true)
  })
})

describe('more revocations than are remembered', () => {
  const fill = (revocations: Revocations, name: string) => {
    for (let n = 0; n < 10_000; n += 1) revocations.add(`user ${name}-${n}`)
  }

  it('are ten thousand, each of which counts for itself alone', () => {
    const { revocations, covers, issuedIn } = setUp()
    fill(revocations, 'other')
    expect(covers(issuedIn(0))).toBe(false)
    expect(covers(issuedIn(0, { sub: 'other-0' }))).toBe(true)
    expect(covers(issuedIn(0, { sub: 'other-9999' }))).toBe(true)
  })

  it('become one of everything, so that none is lost', () => {
    const { revocations, covers, issuedIn, clock } = setUp()
    revocations.add('user ann')
    clock.advanceSeconds(1)
    fill(revocations, 'other')
    expect([covers(issuedIn(0)), covers(issuedIn(0, { sub: 'other-0' }))]).toEqual([true, true])
    expect(covers(issuedIn(0, { sub: 'bob' }))).toBe(true)
    expect(covers(issuedIn(7, { sub: 'bob' }))).toBe(false)
  })

  it('become one of the latest of them, though the clock was set back', () => {
    const { revocations, covers, issuedIn, clock } = setUp()
    clock.advanceSeconds(100)
    revocations.add('user ann')
    clock.setNowSeconds(-100)
    fill(revocations, 'other')
    expect([105, 106].map((seconds) => covers(issuedIn(seconds)))).toEqual([true, false])
  })

  it('leave room for ten thousand again: the next one is about one user', () => {
    const { revocations, covers, issuedIn, clock } = setUp()
    fill(revocations, 'other')
    revocations.add('user one-more')
    clock.advanceSeconds(60)
    revocations.add('user ann')
    expect(covers(issuedIn(60))).toBe(true)
    expect(covers(issuedIn(60, { sub: 'bob' }))).toBe(false)
    for (let n = 0; n < 9_000; n += 1) revocations.add(`user later-${n}`)
    expect(covers(issuedIn(60, { sub: 'bob' }))).toBe(false)
  })

  it('are more than that until the old ones are over, to the millisecond', () => {
    const { revocations, covers, issuedIn, clock } = setUp()
    fill(revocations, 'other')
    clock.advanceSeconds(3_605)
    revocations.add('user ann')
    expect(covers(issuedIn(3_605, { sub: 'bob' }))).toBe(true)
  })

  it('are no more than that where old ones are over', () => {
    const { revocations, covers, issuedIn, clock } = setUp()
    fill(revocations, 'other')
    clock.advanceSeconds(3_606)
    fill(revocations, 'later')
    expect(covers(issuedIn(3_606))).toBe(false)
    expect(covers(issuedIn(3_606, { sub: 'later-0' }))).toBe(true)
  })
})
