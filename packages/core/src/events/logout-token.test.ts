import { describe, expect, it } from 'vitest'
import { readLogoutClaims } from './logout-token.js'

const nowSeconds = 1_800_000_000
const event = 'http://schemas.openid.net/event/backchannel-logout'
const claims = {
  iss: 'https://zitadel.example',
  sub: 'ann',
  sid: 'session',
  aud: ['web'],
  iat: nowSeconds,
  exp: nowSeconds + 900,
  jti: '1',
  events: { [event]: {} },
}
const refuse = (reason: string): never => {
  throw new Error(reason)
}
const read = (changed: object = {}) =>
  readLogoutClaims(
    { ...claims, ...changed },
    { issuers: ['https://zitadel.example', 'https://other.example'], clientIds: ['api', 'web'], nowSeconds },
    refuse,
  )

describe('readLogoutClaims', () => {
  for (const [what, changed] of [
    ['for one application', { aud: 'web' }],
    ['for several applications', { aud: ['shop', 'web'] }],
    ['by another name of the instance', { iss: 'https://other.example' }],
    ['of a user', { sid: undefined }],
    ['of a session', { sub: undefined }],
    ['of a clock that is five seconds ahead', { iat: nowSeconds + 5 }],
    ['that expired just now, by a clock that is ahead', { exp: nowSeconds - 4 }],
  ] as const) {
    it(`reads a token ${what}`, () => expect(read(changed)).toMatchObject({ tokenId: '1' }))
  }

  // OpenID Connect Back-Channel Logout 1.0 section 2.6, in the order of its steps.
  for (const [changed, reason] of [
    [{ iss: undefined }, /issuer/],
    [{ iss: 'https://zitadel.example/' }, /issuer/],
    [{ aud: undefined }, /another application/],
    [{ aud: [] }, /another application/],
    [{ aud: [['web']] }, /another application/],
    [{ iat: undefined }, /future/],
    [{ iat: nowSeconds + 6 }, /future/],
    [{ iat: String(nowSeconds) }, /future/],
    [{ exp: undefined }, /expired/],
    [{ exp: nowSeconds - 5 }, /expired/],
    [{ exp: Number.POSITIVE_INFINITY }, /expired/],
    [{ jti: undefined }, /no jti/],
    [{ sub: undefined, sid: undefined }, /neither a user nor a session/],
    [{ sub: '', sid: 1 }, /neither a user nor a session/],
    [{ events: undefined }, /no logout/],
    [{ events: { 'http://schemas.openid.net/event/other': {} } }, /no logout/],
    [{ events: { [event]: null } }, /no logout/],
    [{ events: [event] }, /no logout/],
    [{ nonce: 'n' }, /nonce/],
    [{ nonce: null }, /nonce/],
    [{ nbf: nowSeconds, client_id: 'web' }, /access token or an ID token/],
    [{ client_id: 'web' }, /access token or an ID token/],
    [{ nbf: nowSeconds }, /access token or an ID token/],
  ] as const) {
    it(`refuses a token with ${JSON.stringify(changed)}`, () => expect(() => read(changed)).toThrow(reason))
  }
})
