import { describe, expect, it } from 'vitest'
import { meanings, toClientText } from './meanings.js'

describe('toClientText', () => {
  it('gives fixed words, whatever requirement there is', () =>
    expect(toClientText(meanings.ERR_TOKEN_INVALID, 'missing required role: `admin`')).toEqual({
      text: 'unauthorized: token is invalid or has expired',
      detail: 'token is invalid or has expired',
    }))

  it('names the requirement that was not met', () =>
    expect(toClientText(meanings.ERR_PERMISSION_DENIED, 'missing required role: `admin`')).toEqual({
      text: 'permission denied: missing required role: `admin`',
      detail: 'missing required role: `admin`',
    }))

  for (const meaning of [meanings.ERR_PERMISSION_DENIED, meanings.ERR_CONFIGURATION]) {
    it(`gives the summary alone where there are no words beside it: ${meaning.summary}`, () =>
      expect(toClientText(meaning, undefined)).toEqual({ text: meaning.summary, detail: undefined }))
  }

  for (const character of ['\n', '\r', '\t', '\v', '\f', '\0', '\u0085', '\u2028', '\u2029']) {
    it(`puts a space in the place of ${JSON.stringify(character)}, so that the answer is one line`, () =>
      expect(toClientText(meanings.ERR_PERMISSION_DENIED, `a${character}b${character}`).detail).toBe('a b '))
  }
})
