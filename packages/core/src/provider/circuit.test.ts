import { describe, expect, it } from 'vitest'
import { authorizationError } from '../../test/expected-errors.js'
import { createManualClock } from '../../test/manual-clock.js'
import { AuthorizationError } from '../errors/authorization-error.js'
import { Circuit, type CircuitState } from './circuit.js'

const failure = new AuthorizationError('ERR_PROVIDER_UNAVAILABLE', 'no answer')

function setUp() {
  const clock = createManualClock()
  const states: CircuitState[] = []
  const circuit = new Circuit({ clock, failuresToOpen: 2, maxProbeMs: 30_000, onChange: (state) => states.push(state) })
  const fail = (...subjects: readonly string[]) => {
    for (const subject of subjects) circuit.fail(failure, subject)
  }
  const isPassable = (): boolean => {
    try {
      circuit.requirePassable()
      return true
    } catch {
      return false
    }
  }
  return { clock, states, circuit, fail, isPassable }
}

describe('Circuit', () => {
  it('lets everybody pass at first', () => {
    const { circuit, states } = setUp()
    circuit.requirePassable()
    circuit.pass()
    circuit.succeed()
    expect(states).toEqual([])
  })

  it('opens after so many failures about different things', () => {
    const { fail, isPassable, states } = setUp()
    fail('a')
    expect(isPassable()).toBe(true)
    fail('b')
    expect(isPassable()).toBe(false)
    expect(states).toEqual(['open'])
  })

  it('counts failures about one thing once', () => {
    const { fail, isPassable } = setUp()
    fail('a', 'a', 'a', 'a')
    expect(isPassable()).toBe(true)
  })

  it('counts anew after an answer', () => {
    const { circuit, fail, isPassable } = setUp()
    fail('a')
    circuit.succeed()
    fail('b')
    expect(isPassable()).toBe(true)
  })

  it('says what the last failure was, and how long to wait, a second at least', () => {
    const { circuit, clock, fail } = setUp()
    fail('a', 'b')
    clock.advanceSeconds(0.9)
    expect(() => circuit.requirePassable()).toThrow(
      authorizationError('ERR_PROVIDER_UNAVAILABLE', 'not asked, since before: no answer', { retryAfterSeconds: 1 }),
    )
  })

  it('opens at once for as long as it is asked to', () => {
    const { circuit, clock, isPassable } = setUp()
    circuit.fail(failure, 'a', 17_000)
    clock.advanceSeconds(16.999)
    expect(isPassable()).toBe(false)
    clock.advanceSeconds(0.001)
    expect(isPassable()).toBe(true)
  })

  it('takes nothing for its probe before somebody passes', () => {
    const { circuit, clock, fail, isPassable, states } = setUp()
    fail('a', 'b')
    clock.advanceSeconds(1)
    expect([isPassable(), isPassable()]).toEqual([true, true])
    expect(states).toEqual(['open'])
    circuit.pass()
    expect(isPassable()).toBe(false)
    expect(states).toEqual(['open', 'half-open'])
  })

  it('waits for a probe for a while, and lets another pass when that one is lost', () => {
    const { circuit, clock, fail, isPassable } = setUp()
    fail('a', 'b')
    clock.advanceSeconds(1)
    circuit.pass()
    clock.advanceSeconds(29.999)
    expect(isPassable()).toBe(false)
    clock.advanceSeconds(0.001)
    expect(isPassable()).toBe(true)
    circuit.pass()
    expect(isPassable()).toBe(false)
  })

  it('is as long open as time passes, though the clock be set', () => {
    const { clock, fail, isPassable } = setUp()
    fail('a', 'b')
    clock.setNowSeconds(3_600)
    expect(isPassable()).toBe(false)
    clock.setNowSeconds(-7_200)
    clock.advanceSeconds(1)
    expect(isPassable()).toBe(true)
  })
})
