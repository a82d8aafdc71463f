import { describe, expect, it } from 'vitest'
import { toToken } from '../../test/contexts.js'
import { encode } from '../../test/signing-keys.js'
import { explainInactive } from './explain-inactive.js'

const nowSeconds = 1_800_000_000
const issuers = ['https://zitadel.example', 'https://second.example']
const audience = ['client-1', 'p1']
const accessToken = {
  iss: 'https://zitadel.example',
  sub: 'ann',
  aud: ['web', 'p1'],
  exp: nowSeconds + 60,
  iat: nowSeconds,
  nbf: nowSeconds,
  client_id: 'web',
  jti: 'V2_1-at_2',
}
const toJwt = (claims: object) => `${encode({ alg: 'RS256', kid: 'key-1', typ: 'JWT' })}.${encode(claims)}.c2ln`
const explain = (token: string, acceptance: { audience: readonly string[] | undefined } = { audience }) =>
  explainInactive(toToken(token), { issuers, ...acceptance }, nowSeconds)

const by = 'by its payload, which is not verified,'
const elsewhere = `${by} it is from another issuer than the configured domain`
const noAudience = `${by} its audience holds neither this API's client id nor its project id`

describe('explainInactive', () => {
  for (const [what, claims, reason] of [
    ['another issuer', { ...accessToken, iss: 'https://other.example' }, elsewhere],
    ['no issuer', { ...accessToken, iss: undefined }, elsewhere],
    ['an ID token of another issuer', { iss: 'https://other.example' }, elsewhere],
    [
      'an ID token',
      { ...accessToken, jti: undefined, nbf: undefined, at_hash: 'h' },
      `${by} it is an ID token, and no access token`,
    ],
    [
      'a logout token',
      { ...accessToken, nbf: undefined, client_id: undefined, events: {} },
      `${by} it is a logout token, and no access token`,
    ],
    ['an access token that has expired', { ...accessToken, exp: nowSeconds }, `${by} it has expired`],
    ['an access token for another API', { ...accessToken, aud: ['web', 'p2'] }, noAudience],
    ['an audience that is a text', { ...accessToken, aud: 'p2' }, noAudience],
  ] as const) {
    it(`says what it sees of ${what}: ${reason}`, () => expect(explain(toJwt(claims))).toBe(reason))
  }

  for (const [what, token] of [
    ['a good JWT, which was revoked then', toJwt(accessToken)],
    ['one of another name of the instance', toJwt({ ...accessToken, iss: 'https://second.example' })],
    ['one that expires in a moment', toJwt({ ...accessToken, exp: nowSeconds + 0.001 })],
    ['one with an expiry that does not read', toJwt({ ...accessToken, exp: 'soon' })],
    ['one whose audience is the project', toJwt({ ...accessToken, aud: 'p1' })],
    ['an opaque token', 'opaque'],
    ['a payload that is no JSON', `${encode({ alg: 'RS256' })}.${encode('words')}.c2ln`],
  ] as const) {
    it(`says nothing of ${what}`, () => expect(explain(token)).toBeUndefined())
  }

  it('says nothing of the audience where ZITADEL alone knows which is good', () =>
    expect(explain(toJwt({ ...accessToken, aud: ['other'] }), { audience: undefined })).toBeUndefined())

  it('repeats nothing of what the token says', () => {
    const words = 'words-of-a-stranger'
    const hostile = { iss: words, aud: words, exp: words, jti: words, nbf: words, client_id: words, sub: words }
    const reasons = [hostile, { ...hostile, iss: issuers[0] }, { iss: issuers[0], sub: words, jti: words }].map(
      (claims) => explain(toJwt(claims)),
    )
    expect(reasons).toHaveLength(3)
    expect(reasons.filter((reason) => reason === undefined || reason.includes(words))).toEqual([])
  })
})
