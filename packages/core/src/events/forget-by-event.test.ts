import { describe, expect, it } from 'vitest'
import { createManualClock } from '../../test/manual-clock.js'
import type { ForgetTarget } from '../verification/forget-target.js'
import type { ZitadelEvent } from './event.js'
import { forgetAllSoon, forgetByEvent } from './forget-by-event.js'

function createRecorder() {
  const told: (ForgetTarget | 'all')[] = []
  return { told, forget: (target: ForgetTarget) => void told.push(target), forgetAll: () => void told.push('all') }
}
const event = (type: string, payload = {}) =>
  ({ type, aggregateId: '1', creatorId: '2', payload }) as unknown as ZitadelEvent

describe('forgetByEvent', () => {
  it('forgets whom the event concerns, and tells', () => {
    const auth = createRecorder()

    expect(forgetByEvent(auth, event('user.locked'))).toEqual({ userId: '1' })
    expect(auth.told).toEqual([{ userId: '1' }])
  })

  it('forgets nothing by an event that takes nobody’s access away', () => {
    const auth = createRecorder()

    expect(forgetByEvent(auth, event('user.unlocked'))).toBe('nothing')
    expect(auth.told).toEqual([])
  })

  it('forgets everything by an event that names nobody', () => {
    const auth = createRecorder()

    expect(forgetByEvent(auth, event('project.role.removed'))).toBe('all')
    expect(auth.told).toEqual(['all'])
  })
})

describe('forgetAllSoon', () => {
  it('forgets at once, and what comes within a second together at its end', () => {
    const auth = createRecorder()
    const clock = createManualClock()
    for (const _ of Array(1_000)) forgetAllSoon(auth, clock)
    expect(auth.told).toHaveLength(1)

    clock.advanceSeconds(1)
    expect(auth.told).toHaveLength(2)
  })

  it('forgets once and no more when nothing else comes', () => {
    const auth = createRecorder()
    const clock = createManualClock()
    forgetAllSoon(auth, clock)
    clock.advanceSeconds(10)

    expect(auth.told).toHaveLength(1)
  })

  it('never lets more than a second pass after a call, over many seconds of calls', () => {
    const auth = createRecorder()
    const clock = createManualClock()
    for (const _ of Array(100)) {
      forgetAllSoon(auth, clock)
      clock.advanceSeconds(0.1)
    }
    clock.advanceSeconds(1)

    expect(auth.told).toHaveLength(11)
  })

  it('counts each ZitadelAuth by itself', () => {
    const clock = createManualClock()
    const [one, other] = [createRecorder(), createRecorder()]
    forgetAllSoon(one, clock)
    forgetAllSoon(other, clock)

    expect([one.told, other.told]).toEqual([['all'], ['all']])
  })
})
