import { describe, expect, it } from 'vitest'
import { toChallenge } from './challenge.js'
import { type Meaning, meanings } from './meanings.js'

const nothing = { retryAfterSeconds: undefined, requiredScopes: [] }
const missingScope = (...requiredScopes: readonly string[]) => ({ ...nothing, requiredScopes })

const headers: readonly (readonly [string, Meaning, Parameters<typeof toChallenge>[1], object])[] = [
  ['no credentials', meanings.ERR_TOKEN_MISSING, nothing, { 'WWW-Authenticate': 'Bearer' }],
  ['a bad token', meanings.ERR_TOKEN_INVALID, nothing, { 'WWW-Authenticate': 'Bearer error="invalid_token"' }],
  [
    'missing scopes',
    meanings.ERR_PERMISSION_DENIED,
    missingScope('openid', 'email'),
    { 'WWW-Authenticate': 'Bearer error="insufficient_scope", scope="openid email"' },
  ],
  [
    'a scope that would end the header or its quotes',
    meanings.ERR_PERMISSION_DENIED,
    missingScope('a"b\\c\r\nd\u00fc'),
    { 'WWW-Authenticate': 'Bearer error="insufficient_scope", scope="a\\"b\\\\c  d "' },
  ],
  [
    'scopes that no challenge asks for',
    meanings.ERR_TOKEN_MISSING,
    missingScope('openid'),
    { 'WWW-Authenticate': 'Bearer' },
  ],
  ['an outage of unknown length', meanings.ERR_PROVIDER_UNAVAILABLE, nothing, { 'Retry-After': '5' }],
  [
    'an outage that ends',
    meanings.ERR_PROVIDER_NOT_FOUND,
    { ...nothing, retryAfterSeconds: 17 },
    { 'Retry-After': '17' },
  ],
  ['a mistake in the set-up', meanings.ERR_CONFIGURATION, { ...nothing, retryAfterSeconds: 17 }, {}],
]

describe('toChallenge', () => {
  for (const [what, meaning, details, expected] of headers) {
    it(`gives for ${what}: ${JSON.stringify(expected)}`, () => expect(toChallenge(meaning, details)).toEqual(expected))
  }
})
