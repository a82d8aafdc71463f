import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toToken } from '../../../test/contexts.js'
import { encode } from '../../../test/signing-keys.js'
import { decodeObject, isCanonical, readUnverifiedJwt } from './compact-jwt.js'

const header = { alg: 'RS256', kid: 'key-1', typ: 'JWT' }
const payload = encode({ sub: 'ann' })

describe('readUnverifiedJwt', () => {
  it('reads the header of a JWT, and leaves the payload as it is', () =>
    expect(readUnverifiedJwt(toToken(`${encode(header)}.${payload}.c2ln`))).toEqual({
      unverifiedHeader: header,
      encodedPayload: payload,
    }))

  for (const [what, token] of [
    ['a header whose algorithm is none', `${encode({ alg: 'none' })}.${payload}.`],
    ['a header whose algorithm is no text', `${encode({ alg: null })}.${payload}.c2ln`],
    ['a payload that is no JSON', `${encode(header)}.${encode('words')}.c2ln`],
    ['no payload', `${encode(header)}..c2ln`],
  ] as const) {
    it(`takes a token for a JWT that has ${what}, so that nobody else is asked about it`, () =>
      expect(readUnverifiedJwt(toToken(token))).toBeDefined())
  }

  for (const [what, token] of [
    ['has no dots', 'opaque'],
    ['has two segments', `${encode(header)}.${payload}`],
    ['has four segments', `${encode(header)}.${payload}.c2ln.c2ln`],
    ['is encrypted (RFC 7516 section 9)', `${encode({ alg: 'A256GCMKW', enc: 'A256GCM' })}.a.b.c.d`],
    ['is encrypted and cut to three segments', `${encode({ alg: 'A256GCMKW', enc: 'A256GCM' })}.a.b`],
    ['has a header without alg', `${encode({ kid: 'key-1', typ: 'JWT' })}.${payload}.c2ln`],
    ['has a header that is a list', `${encode([header])}.${payload}.c2ln`],
    ['has a header that is null', `${encode('null')}.${payload}.c2ln`],
    ['has a header that is a text', `${encode('"alg"')}.${payload}.c2ln`],
    ['has a header that is no JSON', `${encode('{"alg":"RS256"')}.${payload}.c2ln`],
    ['has an empty header', `.${payload}.c2ln`],
    ['is nothing but dots', '..'],
  ] as const) {
    it(`does not take a token for a JWT that ${what}`, () => expect(readUnverifiedJwt(toToken(token))).toBeUndefined())
  }

  it('never throws, whatever the token is', () => {
    const segment = fc.oneof(fc.string(), fc.base64String(), fc.json().map(encode))
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 6 }), (segments) => {
        const jwt = readUnverifiedJwt(toToken(segments.join('.')))
        expect(jwt === undefined || 'alg' in jwt.unverifiedHeader).toBe(true)
      }),
    )
  })
})

describe('isCanonical', () => {
  it('takes segments of base64url (RFC 7515 section 2)', () =>
    expect(isCanonical(toToken(`${encode(header)}.${payload}.-_-_`))).toBe(true))

  for (const [what, token] of [
    ['padding', `${encode(header)}.${payload}.YQ==`],
    ['the other alphabet', `${encode(header)}.${payload}.+/+/`],
    ['bits beyond the last byte', `${encode(header)}.${payload}.YR`],
    ['a character too many', `${encode(header)}.${payload}.YWJjZ`],
    ['a character of neither alphabet', `${encode(header)}.${payload}.YW~Jj`],
    ['padding in the header', `eyJhbGciOiJSUzI1NiJ9=.${payload}.YWJj`],
    ['bits beyond the last byte of the payload', `${encode(header)}.e31.YWJj`],
  ] as const) {
    it(`refuses ${what}`, () => expect(isCanonical(toToken(token))).toBe(false))
  }

  it('takes exactly one way to write any bytes', () =>
    fc.assert(
      fc.property(fc.uint8Array(), fc.constantFrom('', '=', '==', 'A', 'B', '_', '~'), (bytes, more) => {
        const written = Buffer.from(bytes).toString('base64url')
        const other = `${written}${more}`
        const isTheSame = Buffer.from(Buffer.from(other, 'base64url')).toString('base64url') === other
        expect([isCanonical(toToken(written)), isCanonical(toToken(other))]).toEqual([true, isTheSame])
      }),
    ))
})

describe('decodeObject', () => {
  it('decodes an object in UTF-8', () => expect(decodeObject(encode({ name: 'Zoë 🙂' }))).toEqual({ name: 'Zoë 🙂' }))

  it('takes the last of members with one name, as the signer could have meant no other', () =>
    expect(decodeObject(encode('{"sub":"ann","sub":"bob"}'))).toEqual({ sub: 'bob' }))

  it('keeps a member called __proto__ a member', () => {
    const decoded = decodeObject(encode('{"__proto__":{"alg":"none"}}'))
    expect(Object.keys(decoded ?? {})).toEqual(['__proto__'])
    expect(decoded).not.toHaveProperty('alg')
  })

  for (const [what, segment] of [
    ['a list', encode([])],
    ['null', encode('null')],
    ['a number', encode('1')],
    ['nothing', ''],
    ['JSON that is cut off', encode('{"sub":"an')],
    ['two values', encode('{}{}')],
    ['a byte order mark (RFC 8259 section 8.1)', encode('\ufeff{}')],
    ['bytes that are not UTF-8', encode(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d))],
    ['an overlong encoding of a quote', encode(Uint8Array.of(0x7b, 0xc0, 0xa2, 0x7d))],
    ['UTF-16', encode(Buffer.from('{}', 'utf16le'))],
    ['a comment', encode('{/**/}')],
  ] as const) {
    it(`gives undefined for ${what}`, () => expect(decodeObject(segment)).toBeUndefined())
  }

  it('reads JSON that is nested as deep as a token has room for', () =>
    expect(decodeObject(encode(`{"a":${'['.repeat(4_000)}${']'.repeat(4_000)}}`))).toBeDefined())
})
