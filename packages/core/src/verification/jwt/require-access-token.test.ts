import { describe, expect, it } from 'vitest'
import { authorizationError } from '../../../test/expected-errors.js'
import { requireAccessToken } from './require-access-token.js'

const now = 1_800_000_000
const claims = {
  iss: 'https://zitadel.example',
  sub: 'ann',
  aud: ['project-1'],
  exp: now + 60,
  iat: now,
  nbf: now,
  client_id: 'web',
  jti: 'V2_1-at_2',
}

const refusal = (message: unknown) => authorizationError('ERR_TOKEN_INVALID', message)

describe('requireAccessToken', () => {
  it('lets an access token of ZITADEL pass (RFC 9068 section 2.2)', () =>
    expect(() => requireAccessToken(claims, now)).not.toThrow())

  for (const name of ['iat', 'nbf', 'client_id']) {
    it(`lets it pass without ${name}, which older servers leave out`, () =>
      expect(() => requireAccessToken({ ...claims, [name]: undefined }, now)).not.toThrow())
  }

  for (const name of ['iss', 'sub', 'aud', 'exp', 'jti']) {
    for (const value of [undefined, null]) {
      it(`refuses a token whose ${name} is ${value}`, () =>
        expect(() => requireAccessToken({ ...claims, [name]: value }, now)).toThrow(
          refusal(`the token has no claim "${name}"`),
        ))
    }
  }

  for (const name of ['azp', 'nonce', 'at_hash', 'c_hash', 'sid', 'events']) {
    for (const value of ['web', '', null, false, {}]) {
      it(`refuses an ID or logout token, whose ${name} is ${JSON.stringify(value)}`, () =>
        expect(() => requireAccessToken({ ...claims, [name]: value }, now)).toThrow(
          refusal(`the token has a claim "${name}": it is an ID or logout token, not an access token`),
        ))
    }
  }

  for (const iat of ['now', `${now}`, null, true, [now], Number.POSITIVE_INFINITY, Number.NaN]) {
    it(`refuses a token issued at ${JSON.stringify(iat)}`, () =>
      expect(() => requireAccessToken({ ...claims, iat }, now)).toThrow(
        refusal('the claim "iat" of the token is not a number of seconds'),
      ))
  }

  it('forgives a clock that is five seconds behind', () =>
    expect(() => requireAccessToken({ ...claims, iat: now + 5 }, now)).not.toThrow())

  it('refuses a token from the future', () =>
    expect(() => requireAccessToken({ ...claims, iat: now + 5.001 }, now)).toThrow(
      refusal('the token was issued in the future: compare the clocks of this machine and of ZITADEL'),
    ))
})
