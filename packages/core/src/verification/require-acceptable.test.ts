import { describe, expect, it } from 'vitest'
import { createClaims } from '../../test/contexts.js'
import { authorizationError } from '../../test/expected-errors.js'
import { requireAcceptable } from './require-acceptable.js'

const issuer = 'https://zitadel.example'
const anyAudience = { issuers: [issuer], audience: undefined }
const ownAudience = { issuers: [issuer], audience: ['client-1', 'p1'] }
const nowSeconds = 1_800_000_000

const expired = 'the token has expired'
const tooEarly = 'the token is not valid yet: compare the clocks of this machine and of ZITADEL'
const stranger = 'the token is from another issuer than the configured domain'
const notMeant = "the token's audience holds neither this API's client id nor its project id"

describe('requireAcceptable', () => {
  for (const [what, claims, acceptance] of [
    ['claims that name neither time nor issuer', {}, anyAudience],
    ['a token a moment before it expires', { exp: nowSeconds + 0.001 }, anyAudience],
    ['a token from now on', { nbf: nowSeconds }, anyAudience],
    ["a token from 5 s ahead, by ZITADEL's clock", { nbf: nowSeconds + 5 }, anyAudience],
    ['the configured issuer', { iss: issuer }, anyAudience],
    [
      'any of the issuers of an instance with several names',
      { iss: 'https://second.example' },
      { issuers: [issuer, 'https://second.example'], audience: undefined },
    ],
    ['the client id in the audience', { aud: ['web', 'client-1'] }, ownAudience],
    ['the project id in the audience', { aud: ['p1'] }, ownAudience],
    ['any audience where ZITADEL has checked it', { aud: ['other'] }, anyAudience],
  ] as const) {
    it(`accepts ${what}`, () => expect(requireAcceptable(createClaims(claims), acceptance, nowSeconds)).toBeUndefined())
  }

  for (const [what, claims, acceptance, message] of [
    ['a token the moment it expires (RFC 7519 section 4.1.4)', { exp: nowSeconds }, anyAudience, expired],
    ['a token that expired before 1970', { exp: -1 }, anyAudience, expired],
    ['a token before its time (RFC 7519 section 4.1.5)', { nbf: nowSeconds + 5.001 }, anyAudience, tooEarly],
    ['another issuer (RFC 7662 section 4)', { iss: 'https://other.example' }, anyAudience, stranger],
    ['an issuer with a slash at the end', { iss: `${issuer}/` }, anyAudience, stranger],
    ['an issuer in another case', { iss: 'https://ZITADEL.example' }, anyAudience, stranger],
    ['another audience (RFC 7662 section 4)', { aud: ['web', 'p2'] }, ownAudience, notMeant],
    ['an audience that merely starts like ours', { aud: ['p11', 'client-10'] }, ownAudience, notMeant],
  ] as const) {
    it(`refuses ${what}`, () =>
      expect(() => requireAcceptable(createClaims(claims), acceptance, nowSeconds)).toThrow(
        authorizationError('ERR_TOKEN_INVALID', message),
      ))
  }
})
