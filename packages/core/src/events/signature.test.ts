import { Buffer } from 'node:buffer'
import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyText } from '../../test/any-text.js'
import { isSignedBy, readSignatureHeader } from './signature.js'

const digits = 'a'.repeat(64)
const body = Buffer.from('{"event_type":"user.locked"}')
const sign = (key: string, timestamp = '1700000000') =>
  createHmac('sha256', key).update(`${timestamp}.${body}`).digest('hex')
const read = (header: string) => readSignatureHeader(header) ?? { timestamp: '', signatures: [] }

describe('readSignatureHeader', () => {
  for (const header of [`t=1700000000,v1=${digits}`, [`t=1700000000,v1=${digits}`], `t=1700000000, v1=${digits}`]) {
    it(`reads ${JSON.stringify(header)}`, () =>
      expect(readSignatureHeader(header)).toEqual({
        timestamp: '1700000000',
        signatures: [Buffer.from(digits, 'hex')],
      }))
  }

  it('reads several signatures, and passes over versions that it does not know', () =>
    expect(read(`t=1,v0=${digits},v1=${digits},v1=${'b'.repeat(64)},v2=x`).signatures).toHaveLength(2))

  for (const header of [
    undefined,
    [],
    '',
    ',',
    't=1',
    `v1=${digits}`,
    `t=,v1=${digits}`,
    `t=soon,v1=${digits}`,
    `t=-1,v1=${digits}`,
    `t=1.5,v1=${digits}`,
    `t=1e9,v1=${digits}`,
    `t=1,t=2,v1=${digits}`,
    `t=1,v1=${digits}0`,
    `t=1,v1=${digits.slice(1)}`,
    `t=1,v1=${'z'.repeat(64)}`,
    `t=1,v1=${digits.toUpperCase()}`,
    `T=1,V1=${digits}`,
    `t=1,v1=${digits}${`,v1=${digits}`.repeat(20)}`,
    [`t=1,v1=${digits}`, `t=1,v1=${digits}`],
  ]) {
    it(`takes ${JSON.stringify(header)?.slice(0, 90)} for none`, () =>
      expect(readSignatureHeader(header)).toBeUndefined())
  }

  it('never fails, whatever a stranger writes', () =>
    fc.assert(fc.property(anyText(), (text) => void readSignatureHeader(`t=1,v1=${text}`))))
})

describe('isSignedBy', () => {
  it('takes any of several signatures by any of several keys', () => {
    const signature = read(`t=1700000000,v1=${digits},v1=${sign('next')}`)

    expect(isSignedBy(signature, body, ['current', 'next'])).toBe(true)
  })

  for (const [what, key, time] of [
    ['another key', 'other', '1700000000'],
    ['another time', 'current', '1700000001'],
  ] as const) {
    it(`does not take a signature of ${what}`, () =>
      expect(isSignedBy(read(`t=1700000000,v1=${sign(key, time)}`), body, ['current', 'next'])).toBe(false))
  }

  it('does not take a signature of another body', () =>
    expect(isSignedBy(read(`t=1700000000,v1=${sign('current')}`), Buffer.from('{}'), ['current'])).toBe(false))
})
