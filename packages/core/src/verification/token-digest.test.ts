import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { toToken } from '../../test/contexts.js'
import { createTokenDigest } from './token-digest.js'

const digest = createTokenDigest('https://zitadel.example', 'client-1')
const token = toToken('token-of-ann')

describe('createTokenDigest', () => {
  it('names a token by its SHA-256 digest, which is not the token', () => {
    const expected = createHash('sha256')
      .update('["https://zitadel.example","client-1"]token-of-ann')
      .digest('base64url')
    expect(digest(token)).toBe(expected)
    expect(digest(token)).toMatch(/^[\w-]{43}$/)
  })

  it('gives one token one name', () => expect(digest(token)).toBe(digest(token)))

  for (const other of ['token-of-an', 'token-of-annn', 'token-of-ann=', 'Token-of-ann', 'xtoken-of-ann']) {
    it(`gives ${other} another name than token-of-ann`, () => expect(digest(toToken(other))).not.toBe(digest(token)))
  }

  for (const scope of [
    ['https://other.example', 'client-1'],
    ['https://zitadel.example', 'client-2'],
    ['https://zitadel.exampleclient-1'],
    ['https://zitadel.example,client-1'],
    ['https://zitadel.example', 'client-1', ''],
    ['client-1', 'https://zitadel.example'],
    [],
  ]) {
    it(`gives the token another name for ${JSON.stringify(scope)}`, () =>
      expect(createTokenDigest(...scope)(token)).not.toBe(digest(token)))
  }
})
