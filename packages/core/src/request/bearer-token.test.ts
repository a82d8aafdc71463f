import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyText } from '../../test/any-text.js'
import { authorizationError, outcomeOf, typeError } from '../../test/expected-errors.js'
import { isAuthorizationError } from '../errors/authorization-error.js'
import { type AuthorizationHeader, readBareToken, readBearerToken, readOptionalBearerToken } from './bearer-token.js'

const noToken = 'the Authorization header has no token after Bearer, or one with characters a token cannot have'
const noScheme = 'the Authorization header does not start with a scheme'
const otherScheme = 'the Authorization header has another scheme than Bearer'
const tooLong = 'the credentials have 16385 bytes, and the option maxHeaderBytes allows 16384'
const repeated = 'the request has more than one Authorization header'
const absent = 'the request has no Authorization header'

const b64token = /^[A-Za-z0-9\-._~+/]+=*$/
const longestToken = 'a'.repeat(16 * 1024 - 'Bearer '.length)

describe('readBearerToken', () => {
  const accepted: readonly (readonly [string, AuthorizationHeader, string])[] = [
    ['a token', 'Bearer token-of-ann', 'token-of-ann'],
    ['the scheme in lower case (RFC 9110 section 11.1)', 'bearer token-of-ann', 'token-of-ann'],
    ['the scheme in upper case (RFC 9110 section 11.1)', 'BEARER token-of-ann', 'token-of-ann'],
    ['several spaces after the scheme (RFC 9110 section 11.4)', 'Bearer    token-of-ann', 'token-of-ann'],
    ['every character of b64token (RFC 6750 section 2.1)', 'Bearer aZ09-._~+/', 'aZ09-._~+/'],
    ['padding (RFC 6750 section 2.1)', 'Bearer token==', 'token=='],
    ['a list of one', ['Bearer token-of-ann'], 'token-of-ann'],
    ['credentials of 16 KiB', `Bearer ${longestToken}`, longestToken],
  ]
  for (const [what, header, token] of accepted) {
    it(`accepts ${what}`, () => expect(readBearerToken(header)).toBe(token))
  }

  const refused: readonly (readonly [string, AuthorizationHeader, Parameters<typeof authorizationError>])[] = [
    ['no header', undefined, ['ERR_TOKEN_MISSING', absent]],
    ['null for a header', null, ['ERR_TOKEN_MISSING', absent]],
    ['an empty header', '', ['ERR_TOKEN_MISSING', absent]],
    ['an empty list', [], ['ERR_TOKEN_MISSING', absent]],
    ['a list of one empty header', [''], ['ERR_TOKEN_MISSING', absent]],
    ['Basic', 'Basic YTpi', ['ERR_SCHEME_UNSUPPORTED', otherScheme]],
    ['DPoP', 'DPoP token-of-ann', ['ERR_SCHEME_UNSUPPORTED', otherScheme]],
    ['a bare token, which reads as a scheme', 'token-of-ann', ['ERR_SCHEME_UNSUPPORTED', otherScheme]],
    ['a scheme that starts with Bearer', 'Bearertoken abc', ['ERR_SCHEME_UNSUPPORTED', otherScheme]],
    ['Bearer behind another scheme', 'Basic YTpi, Bearer abc', ['ERR_SCHEME_UNSUPPORTED', otherScheme]],
    ['Bearer alone', 'Bearer', ['ERR_REQUEST_MALFORMED', noToken]],
    ['Bearer and a space', 'Bearer ', ['ERR_REQUEST_MALFORMED', noToken]],
    ['two tokens', 'Bearer one two', ['ERR_REQUEST_MALFORMED', noToken]],
    ['a space after the token', 'Bearer one ', ['ERR_REQUEST_MALFORMED', noToken]],
    ['padding alone', 'Bearer ==', ['ERR_REQUEST_MALFORMED', noToken]],
    ['padding in the middle', 'Bearer a=b', ['ERR_REQUEST_MALFORMED', noToken]],
    ['a quoted token', 'Bearer "one"', ['ERR_REQUEST_MALFORMED', noToken]],
    ['a comma', 'Bearer one,two', ['ERR_REQUEST_MALFORMED', noToken]],
    ['a letter outside ASCII', 'Bearer tökén', ['ERR_REQUEST_MALFORMED', noToken]],
    ['a tab after the scheme', 'Bearer\tone', ['ERR_REQUEST_MALFORMED', noScheme]],
    ['a line break in the token', 'Bearer one\ntwo', ['ERR_REQUEST_MALFORMED', noScheme]],
    ['a line break after the token', 'Bearer one\n', ['ERR_REQUEST_MALFORMED', noScheme]],
    ['a space before the scheme', ' Bearer one', ['ERR_REQUEST_MALFORMED', noScheme]],
    ['a letter outside ASCII in the scheme', 'Béarer one', ['ERR_REQUEST_MALFORMED', noScheme]],
    ['credentials of more than 16 KiB', `Bearer ${longestToken}a`, ['ERR_TOKEN_TOO_LONG', tooLong]],
    ['other credentials of more than 16 KiB', `Digest ${longestToken}a`, ['ERR_TOKEN_TOO_LONG', tooLong]],
    ['two headers', ['Bearer one', 'Bearer two'], ['ERR_REQUEST_MALFORMED', repeated]],
    ['the same header twice', ['Bearer one', 'Bearer one'], ['ERR_REQUEST_MALFORMED', repeated]],
    ['an empty header beside another', ['', 'Bearer one'], ['ERR_REQUEST_MALFORMED', repeated]],
  ]
  for (const [what, header, expected] of refused) {
    it(`refuses ${what}`, () => expect(() => readBearerToken(header)).toThrow(authorizationError(...expected)))
  }

  const notAHeader = 'an Authorization header is a text, a list of texts, or undefined'
  for (const value of [5, {}, true, [5], [null], () => 'Bearer one']) {
    it(`takes ${typeof value} ${JSON.stringify(value)} for a mistake of the caller`, () =>
      expect(() => readBearerToken(value as never)).toThrow(typeError(notAHeader)))
  }

  const anyValue = fc.oneof(
    anyText(),
    anyText().map((text) => `Bearer ${text}`),
    fc.string({ unit: 'grapheme-ascii' }).map((text) => `bearer ${text}`),
    fc.base64String().map((text) => `BEARER  ${text}`),
  )
  const anyHeader = fc.oneof(anyValue, fc.array(anyValue, { maxLength: 3 }), fc.constantFrom(null, undefined))
  const codes: readonly unknown[] = ['ERR_TOKEN_MISSING', 'ERR_SCHEME_UNSUPPORTED', 'ERR_REQUEST_MALFORMED']

  it('gives a token or one of three errors, whatever the header', () =>
    fc.assert(
      fc.asyncProperty(anyHeader, async (header) => {
        const outcome = await outcomeOf(() => readBearerToken(header))
        expect(typeof outcome === 'string' || (isAuthorizationError(outcome) && codes.includes(outcome.code))).toBe(
          true,
        )
      }),
      { numRuns: 2_000 },
    ))

  it('gives nothing but a b64token (RFC 6750 section 2.1), and nothing but the end of the header', () =>
    fc.assert(
      fc.asyncProperty(anyValue, async (header) => {
        const outcome = await outcomeOf(() => readBearerToken(header))
        expect(typeof outcome !== 'string' || (b64token.test(outcome) && header.endsWith(outcome))).toBe(true)
      }),
      { numRuns: 2_000 },
    ))

  it('tells nothing of the header in its errors', () =>
    fc.assert(
      fc.asyncProperty(fc.stringMatching(/^[a-z]{20}$/), async (text) => {
        const errors = [
          await outcomeOf(() => readBearerToken(`Bearer ${text} ${text}`)),
          await outcomeOf(() => readBearerToken(`${text} ${text}`)),
          await outcomeOf(() => readBearerToken(`\t${text}`)),
        ]
        expect(errors.map(String).join()).not.toContain(text)
      }),
    ))
})

describe('readOptionalBearerToken', () => {
  for (const header of [undefined, null, '', [], ['']]) {
    it(`gives undefined for ${JSON.stringify(header)}`, () => expect(readOptionalBearerToken(header)).toBeUndefined())
  }

  it('gives the token of a request with one', () =>
    expect(readOptionalBearerToken('Bearer token-of-ann')).toBe('token-of-ann'))

  it('refuses bad credentials all the same', () => {
    expect(() => readOptionalBearerToken('Bearer')).toThrow(authorizationError('ERR_REQUEST_MALFORMED', noToken))
    expect(() => readOptionalBearerToken('Basic YTpi')).toThrow(
      authorizationError('ERR_SCHEME_UNSUPPORTED', otherScheme),
    )
  })
})

describe('maxBytes', () => {
  const tooLongFor = (bytes: number, allowed: number) =>
    authorizationError(
      'ERR_TOKEN_TOO_LONG',
      `the credentials have ${bytes} bytes, and the option maxHeaderBytes allows ${allowed}`,
    )

  it('is how long a header may be', () => {
    expect(readBearerToken('Bearer four', 11)).toBe('four')
    expect(readOptionalBearerToken('Bearer four', 11)).toBe('four')
    expect(() => readBearerToken('Bearer four', 10)).toThrow(tooLongFor(11, 10))
    expect(() => readOptionalBearerToken('Bearer four', 10)).toThrow(tooLongFor(11, 10))
  })

  it('is how long a bare token may be', () => {
    expect(readBareToken('four', 4)).toBe('four')
    expect(() => readBareToken('four', 3)).toThrow(tooLongFor(4, 3))
  })

  it('may be more than what is usual', () => {
    const token = 'a'.repeat(100_000)
    expect(readBearerToken(`Bearer ${token}`, 200_000)).toBe(token)
  })
})

describe('readBareToken', () => {
  const longest = 'a'.repeat(16 * 1024)
  const badCharacters = 'the token has characters that a token cannot have, such as a scheme before it'

  for (const [what, token] of [
    ['a token', 'token-of-ann'],
    ['every character of b64token (RFC 6750 section 2.1)', 'aZ09-._~+/'],
    ['padding (RFC 6750 section 2.1)', 'token=='],
    ['a token of 16 KiB', longest],
  ] as const) {
    it(`accepts ${what}`, () => expect(readBareToken(token)).toBe(token))
  }

  for (const [what, token, code, reason] of [
    ['undefined', undefined, 'ERR_TOKEN_MISSING', 'the request has no token'],
    ['null', null, 'ERR_TOKEN_MISSING', 'the request has no token'],
    ['an empty text', '', 'ERR_TOKEN_MISSING', 'the request has no token'],
    ['a token of more than 16 KiB', `${longest}a`, 'ERR_TOKEN_TOO_LONG', tooLong],
    ['a scheme before the token', 'Bearer one', 'ERR_REQUEST_MALFORMED', badCharacters],
    ['a space before the token', ' one', 'ERR_REQUEST_MALFORMED', badCharacters],
    ['a space after the token', 'one ', 'ERR_REQUEST_MALFORMED', badCharacters],
    ['a line break after the token', 'one\n', 'ERR_REQUEST_MALFORMED', badCharacters],
    ['two tokens', 'one,two', 'ERR_REQUEST_MALFORMED', badCharacters],
    ['a quoted token', '"one"', 'ERR_REQUEST_MALFORMED', badCharacters],
    ['padding alone', '==', 'ERR_REQUEST_MALFORMED', badCharacters],
    ['padding in the middle', 'a=b', 'ERR_REQUEST_MALFORMED', badCharacters],
    ['a letter outside ASCII', 'tökén', 'ERR_REQUEST_MALFORMED', badCharacters],
  ] as const) {
    it(`refuses ${what}`, () => expect(() => readBareToken(token)).toThrow(authorizationError(code, reason)))
  }

  for (const value of [5, true, {}, ['token-of-ann'], () => 'token-of-ann']) {
    it(`takes ${typeof value} ${JSON.stringify(value)} for a mistake of the caller`, () =>
      expect(() => readBareToken(value as never)).toThrow(typeError('a token is a text, null or undefined')))
  }

  it('accepts what a header may hold after its scheme, and nothing else', () =>
    fc.assert(
      fc.asyncProperty(fc.oneof(anyText({ minLength: 1 }), fc.base64String({ minLength: 1 })), async (text) => {
        const [bare, header] = [
          await outcomeOf(() => readBareToken(text)),
          await outcomeOf(() => readBearerToken(`Bearer ${text.replace(/^ +/, '!')}`)),
        ]
        expect(typeof bare).toBe(typeof header)
      }),
      { numRuns: 2_000 },
    ))
})
