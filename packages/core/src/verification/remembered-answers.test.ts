import { describe, expect, it, vi } from 'vitest'
import { createClaims } from '../../test/contexts.js'
import { createManualClock } from '../../test/manual-clock.js'
import type { Publish } from '../internal/diagnostics.js'
import { type CacheSettings, RememberedAnswers } from './remembered-answers.js'
import type { VerifiedClaims } from './verifier.js'

function setUp(cache: CacheSettings | undefined = { ttlSeconds: 30, maxEntries: 100 }) {
  const clock = createManualClock()
  const evicted = vi.fn<(event: object) => void>()
  const publish: Publish = (name, toEvent) => void (name === 'cache' && evicted(toEvent()))
  const answers = new RememberedAnswers(cache, clock, publish)
  const start = clock.now() / 1_000
  const claims = (more: object = {}, members: Partial<VerifiedClaims> = {}): VerifiedClaims => ({
    ...createClaims({ sub: 'ann', exp: start + 3_600, ...more }),
    ...members,
  })
  const keep = (key: string, kept = claims()) => answers.keep(key, kept, clock.elapsed())
  return { clock, answers, claims, keep, evicted }
}

const has = (answers: RememberedAnswers, ...keys: readonly string[]) =>
  keys.map((key) => answers.recall(key) !== undefined)

describe('RememberedAnswers', () => {
  it('are fresh for ttlSeconds, aging for the last fifth of them, and stale after that', () => {
    const { clock, answers, keep } = setUp({ ttlSeconds: 30, maxEntries: 9, staleIfErrorSeconds: 60 })
    keep('a')
    const answer = answers.recall('a')
    expect(answer?.renewAtMs).toBe(clock.elapsed() + 24_000)
    clock.advanceSeconds(29.999)
    expect(answers.recall('a')).toBe(answer)
    clock.advanceSeconds(0.001)
    expect([answers.recall('a'), answers.recall('a', 'stale')]).toEqual([undefined, answer])
    clock.advanceSeconds(60)
    expect(answers.recall('a', 'stale')).toBeUndefined()
  })

  it('serve for as long as they themselves say', () => {
    const { clock, answers, claims, keep } = setUp()
    keep('a', claims({}, { reuseSeconds: 600 }))
    clock.advanceSeconds(479)
    const answer = answers.recall('a')
    expect(answer?.renewAtMs).toBe(clock.elapsed() + 1_000)
    clock.advanceSeconds(120.999)
    expect(has(answers, 'a')).toEqual([true])
    clock.advanceSeconds(0.001)
    expect(has(answers, 'a')).toEqual([false])
  })

  it('that a signature vouches for serve until they expire, and age no further', () => {
    const { clock, answers, claims, keep } = setUp()
    keep('a', claims({}, { isStillVouchedFor: () => true }))
    clock.advanceSeconds(3_599.999)
    const answer = answers.recall('a')
    expect(answer?.renewAtMs).toBe(Number.POSITIVE_INFINITY)
    clock.advanceSeconds(0.001)
    expect([answers.recall('a'), answers.recall('a', 'stale')]).toEqual([undefined, undefined])
  })

  it('are of no use once nobody vouches for them, stale or not', () => {
    const { answers, claims, keep } = setUp({ ttlSeconds: 30, maxEntries: 9, staleIfErrorSeconds: 60 })
    keep('a', claims({}, { isStillVouchedFor: () => false }))
    expect([answers.recall('a'), answers.recall('a', 'stale')]).toEqual([undefined, undefined])
  })

  it('take so many bytes at the most, roughly, and make room as far as needed', () => {
    const { answers, claims, keep, evicted } = setUp({ ttlSeconds: 30, maxEntries: 100, maxBytes: 10_000 })
    for (const key of ['a', 'b', 'c', 'd']) keep(key)
    expect(has(answers, 'a', 'b', 'c', 'd')).toEqual([true, true, true, true])
    keep('large', claims({ padding: 'x'.repeat(3_500) }))
    expect(has(answers, 'large')).toEqual([true])
    expect(evicted).toHaveBeenCalledTimes(3)
    expect(has(answers, 'a', 'b', 'c', 'd').filter(Boolean)).toHaveLength(1)
  })

  it('are not kept where one alone takes more, and cost no other its place', () => {
    const { answers, claims, keep, evicted } = setUp({ ttlSeconds: 30, maxEntries: 100, maxBytes: 10_000 })
    keep('a')
    keep('large')
    keep('large', claims({ padding: 'x'.repeat(5_000) }))
    expect(has(answers, 'a', 'large')).toEqual([true, false])
    expect(evicted).not.toHaveBeenCalled()
  })

  it('that are over make room unheard', () => {
    const { answers, clock, keep, evicted } = setUp({ ttlSeconds: 30, maxEntries: 2 })
    for (const key of ['a', 'b']) keep(key)
    clock.advanceSeconds(30)
    for (const key of ['c', 'd']) keep(key)
    expect(has(answers, 'c', 'd')).toEqual([true, true])
    expect(evicted).not.toHaveBeenCalled()
  })

  it('are none with the cache off', () => {
    const { clock } = setUp()
    const answers = new RememberedAnswers(undefined, clock)
    answers.keep('a', createClaims({ sub: 'ann', exp: clock.now() / 1_000 + 60 }), clock.elapsed())
    expect(has(answers, 'a')).toEqual([false])
  })
})
