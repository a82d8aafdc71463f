import { describe, expect, it } from 'vitest'
import { toToken } from '../../test/contexts.js'
import { encode } from '../../test/signing-keys.js'
import { FamiliarTokens } from './familiar-tokens.js'

const opaque = (length: number, letter = 'a') => toToken(letter.repeat(length))
const jwt = (header: object, length = 200) => toToken(`${encode(header)}.${'a'.repeat(length)}.b`)

describe('FamiliarTokens', () => {
  it('know nothing at first', () => {
    const tokens = new FamiliarTokens(10)
    expect([tokens.has('key'), tokens.toPriority('key', opaque(100))]).toEqual([false, 'new'])
  })

  it('know a token that was good', () => {
    const tokens = new FamiliarTokens(10)
    tokens.add('key', opaque(100))
    expect([tokens.has('key'), tokens.toPriority('key', opaque(100))]).toEqual([true, 'known'])
  })

  it('know one that is not good any more as no better than others of its kind', () => {
    const tokens = new FamiliarTokens(10)
    tokens.add('key', opaque(100))
    tokens.delete('key')
    expect([tokens.has('key'), tokens.toPriority('key', opaque(100))]).toEqual([false, 'likely'])
  })

  for (const [what, token, priority] of [
    ['of the same length', opaque(100, 'b'), 'likely'],
    ['of nearly the same length', opaque(128), 'likely'],
    ['that is longer', opaque(129), 'new'],
    ['that is shorter', opaque(64), 'new'],
    ['with a segment more', toToken(`${'a'.repeat(98)}.b`), 'new'],
    ['with another beginning', toToken(`eyJ${'a'.repeat(97)}`), 'new'],
  ] as const) {
    it(`take a token ${what} for ${priority}`, () => {
      const tokens = new FamiliarTokens(10)
      tokens.add('key', opaque(100))
      expect(tokens.toPriority('other', token)).toBe(priority)
    })
  }

  it('tell JWTs apart by the beginning of their header', () => {
    const tokens = new FamiliarTokens(10)
    tokens.add('key', jwt({ alg: 'RS256', kid: 'one' }))
    expect(tokens.toPriority('other', jwt({ alg: 'RS256', kid: 'two' }))).toBe('likely')
    expect(tokens.toPriority('other', jwt({ alg: 'ES256', kid: 'one' }))).toBe('new')
  })

  it('remember so many tokens, and those that were used', () => {
    const tokens = new FamiliarTokens(2)
    for (const key of ['one', 'two']) tokens.add(key, opaque(100))
    expect(tokens.has('one')).toBe(true)
    tokens.add('three', opaque(100))
    expect(['one', 'two', 'three'].map((key) => tokens.has(key))).toEqual([true, false, true])
  })

  it('remember a hundred shapes', () => {
    const tokens = new FamiliarTokens(1_000)
    for (let n = 1; n <= 101; n += 1) tokens.add(`key ${n}`, opaque(n * 64))
    const likely = Array.from({ length: 101 }, (_, n) => tokens.toPriority('other', opaque((n + 1) * 64)))
    expect(likely.filter((priority) => priority === 'likely')).toHaveLength(100)
  })
})
