import { describe, expect, it } from 'vitest'
import { findOtherKind } from './token-kind.js'

// As a ZITADEL of July 2026 wrote them.
const accessToken = { jti: 'V2_1-at_2', nbf: 1, client_id: 'web' }
const logoutToken = { jti: 'one', events: {} }
const idToken = { client_id: 'web', at_hash: 'h' }

describe('findOtherKind', () => {
  for (const [what, claims, kind] of [
    ['an access token', accessToken, undefined],
    [
      'an access token in which an Action has written what ID and logout tokens have',
      { ...accessToken, ...logoutToken, ...idToken },
      undefined,
    ],
    ['an ID token', idToken, 'an ID token'],
    ['an ID token without a client', {}, 'an ID token'],
    ['an ID token whose other claims are null', { jti: null, nbf: null, client_id: 'web' }, 'an ID token'],
    ['a logout token', logoutToken, 'a logout token'],
    ['a logout token whose client is null', { ...logoutToken, nbf: null, client_id: null }, 'a logout token'],
    ['an ID token to which an Action has added a jti', { ...idToken, jti: 'one' }, undefined],
  ] as const) {
    it(`finds that ${what} is ${kind ?? 'no other kind'}`, () => expect(findOtherKind(claims)).toBe(kind))
  }
})
