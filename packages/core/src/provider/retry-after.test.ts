import { describe, expect, it } from 'vitest'
import { readRetryAfterSeconds } from './retry-after.js'

const nowMs = Date.UTC(1994, 10, 6, 8, 49, 37)

describe('readRetryAfterSeconds', () => {
  for (const [value, seconds] of [
    ['1', 1],
    ['59', 59],
    ['007', 7],
    ['0', 1],
    ['60', 60],
    ['61', 60],
    ['86400', 60],
    ['9'.repeat(400), 60],
    ['Sun, 06 Nov 1994 08:49:47 GMT', 10],
    ['Sunday, 06-Nov-94 08:49:47 GMT', 10],
    ['Sun, 06 Nov 1994 08:49:37 GMT', 1],
    ['Sat, 05 Nov 1994 08:49:37 GMT', 1],
    ['Mon, 07 Nov 1994 08:49:37 GMT', 60],
  ] as const) {
    it(`reads ${value.slice(0, 40)} as ${seconds} (RFC 9110 section 10.2.3)`, () =>
      expect(readRetryAfterSeconds(value, nowMs)).toBe(seconds))
  }

  it('rounds a date up, so that nobody comes back too early', () =>
    expect(readRetryAfterSeconds('Sun, 06 Nov 1994 08:49:39 GMT', nowMs + 1)).toBe(2))

  for (const value of [null, '', ' ', 'soon', 'soon 5', '-1', '1.5', '1e2', '0x10', '5s', '5, 6', 'Sun, soon GMT']) {
    it(`does not read ${JSON.stringify(value)}`, () => expect(readRetryAfterSeconds(value, nowMs)).toBeUndefined())
  }
})
