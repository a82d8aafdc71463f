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

const missing = (name: string) => refusal(`the token has no claim "${name}", so it is no access token of ZITADEL`)
const otherKind = (kind: string) => refusal(`the token is ${kind}: the client must send its access token`)

describe('requireAccessToken', () => {
  it('lets an access token of ZITADEL pass (RFC 9068 section 2.2)', () =>
    expect(() => requireAccessToken(claims, now)).not.toThrow())

  it('lets it pass without iat, which some servers leave out', () =>
    expect(() => requireAccessToken({ ...claims, iat: undefined }, now)).not.toThrow())

  for (const name of ['iss', 'sub', 'aud', 'exp', 'jti', 'nbf', 'client_id']) {
    for (const value of [undefined, null]) {
      it(`refuses a token whose ${name} is ${value}`, () =>
        expect(() => requireAccessToken({ ...claims, [name]: value }, now)).toThrow(missing(name)))
    }
  }

  for (const name of ['azp', 'nonce', 'at_hash', 'c_hash', 'sid', 'events']) {
    for (const value of ['web', '', null, false, {}]) {
      it(`lets an access token pass in which an Action has written ${name}: ${JSON.stringify(value)}`, () =>
        expect(() => requireAccessToken({ ...claims, [name]: value }, now)).not.toThrow())
    }
  }

  const common = { iss: claims.iss, sub: 'ann', aud: ['project-1'], exp: now + 60, iat: now }
  for (const [what, token, expected] of [
    [
      'an ID token',
      { ...common, auth_time: now, nonce: 'n', amr: ['pwd'], azp: 'web', client_id: 'web', at_hash: 'h', sid: 'V2_1' },
      otherKind('an ID token'),
    ],
    ['an ID token of a service account', { ...common, azp: 'web', client_id: 'web' }, otherKind('an ID token')],
    [
      'an ID token to which an Action has added a jti',
      { ...common, azp: 'web', client_id: 'web', at_hash: 'h', jti: 'V2_1-at_2' },
      missing('nbf'),
    ],
    [
      'a logout token',
      {
        ...common,
        jti: 'one',
        sid: 'V2_1',
        events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
      },
      otherKind('a logout token'),
    ],
    [
      'a logout token to which somebody has added nbf',
      { ...common, jti: 'one', nbf: now, sid: 'V2_1' },
      missing('client_id'),
    ],
  ] as const) {
    it(`refuses ${what}, for what it lacks`, () => expect(() => requireAccessToken(token, now)).toThrow(expected))
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
