import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { toTokenDigest } from './token-digest.js'

describe('toTokenDigest', () => {
  it('names a token by its SHA-256 digest, which is not the token', () =>
    expect(toTokenDigest('token-of-ann')).toBe(createHash('sha256').update('token-of-ann').digest('base64url')))

  for (const other of ['token-of-an', 'token-of-annn', 'token-of-ann=', 'Token-of-ann', 'xtoken-of-ann']) {
    it(`gives ${other} another name than token-of-ann`, () =>
      expect(toTokenDigest(other)).not.toBe(toTokenDigest('token-of-ann')))
  }
})
