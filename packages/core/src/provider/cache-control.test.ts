import { describe, expect, it } from 'vitest'
import { readMaxAgeSeconds } from './cache-control.js'

const bounds = { min: 30, max: 3_600, fallback: 300 }

describe('readMaxAgeSeconds', () => {
  for (const [value, seconds] of [
    ['max-age=600', 600],
    ['max-age=300, must-revalidate', 300],
    ['must-revalidate,max-age=600', 600],
    ['public ,  MAX-AGE=600', 600],
    ['max-age="600"', 600],
    ['max-age=0600', 600],
    ['max-age=600, max-age=900', 600],
  ] as const) {
    it(`reads ${JSON.stringify(value)} (RFC 9111 section 5.2.2.1)`, () =>
      expect(readMaxAgeSeconds(value, bounds)).toBe(seconds))
  }

  for (const value of [null, '', ',', 'public', 'max-age', 'max-age=', 'max-age=-1', 'max-age=1.5', 'max-age=1e9']) {
    it(`falls back where ${JSON.stringify(value)} says nothing`, () =>
      expect(readMaxAgeSeconds(value, bounds)).toBe(300))
  }

  for (const value of ['max-age=soon', 'max-age = 600', 's-maxage=600', 'x-max-age=600', "max-age='600'"]) {
    it(`falls back for ${JSON.stringify(value)}, which is something else`, () =>
      expect(readMaxAgeSeconds(value, bounds)).toBe(300))
  }

  for (const [value, seconds] of [
    ['max-age=0', 30],
    ['max-age=29', 30],
    ['max-age=30', 30],
    ['max-age=3600', 3_600],
    ['max-age=3601', 3_600],
    ['max-age=31536000', 3_600],
    [`max-age=${'9'.repeat(400)}`, 3_600],
  ] as const) {
    it(`keeps ${value.slice(0, 20)} within its bounds`, () => expect(readMaxAgeSeconds(value, bounds)).toBe(seconds))
  }

  for (const value of ['no-store', 'no-cache', 'No-Store, max-age=600', 'max-age=600, no-cache']) {
    it(`takes ${JSON.stringify(value)} for as short as it may be (RFC 9111 section 5.2.2.5)`, () =>
      expect(readMaxAgeSeconds(value, bounds)).toBe(30))
  }
})
