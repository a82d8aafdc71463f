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
  [
    'a login that is too old',
    meanings.ERR_AUTHENTICATION_INSUFFICIENT,
    { ...nothing, maxAgeSeconds: 300 },
    { 'WWW-Authenticate': 'Bearer error="insufficient_user_authentication", max_age="300"' },
  ],
  [
    'a login of another kind',
    meanings.ERR_AUTHENTICATION_INSUFFICIENT,
    nothing,
    { 'WWW-Authenticate': 'Bearer error="insufficient_user_authentication"' },
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

const scopes = ['openid', 'urn:zitadel:iam:org:project:id:148:aud']
const resource = { url: 'https://api.example/metadata', document: { scopes_supported: scopes } }
const base = `scope="${scopes.join(' ')}", resource_metadata="https://api.example/metadata"`
const exposed = (challenge: string) => ({
  'WWW-Authenticate': challenge,
  'Access-Control-Expose-Headers': 'WWW-Authenticate',
})

const headersOfResource: readonly (readonly [string, Meaning, Parameters<typeof toChallenge>[1], object])[] = [
  ['no credentials', meanings.ERR_TOKEN_MISSING, nothing, exposed(`Bearer ${base}`)],
  ['another scheme', meanings.ERR_SCHEME_UNSUPPORTED, missingScope('email'), exposed(`Bearer ${base}`)],
  ['a malformed header', meanings.ERR_REQUEST_MALFORMED, nothing, exposed(`Bearer error="invalid_request", ${base}`)],
  ['a bad token', meanings.ERR_TOKEN_INVALID, nothing, exposed(`Bearer error="invalid_token", ${base}`)],
  [
    'missing scopes',
    meanings.ERR_PERMISSION_DENIED,
    missingScope('email', 'openid'),
    exposed(
      `Bearer error="insufficient_scope", scope="${scopes.join(' ')} email", resource_metadata="https://api.example/metadata"`,
    ),
  ],
  [
    'a login that is too old',
    meanings.ERR_AUTHENTICATION_INSUFFICIENT,
    { ...nothing, maxAgeSeconds: 300 },
    exposed(
      `Bearer error="insufficient_user_authentication", scope="${scopes.join(' ')}", max_age="300", resource_metadata="https://api.example/metadata"`,
    ),
  ],
  ['a missing role, for which no token helps', meanings.ERR_PERMISSION_DENIED, nothing, {}],
  ['an outage', meanings.ERR_PROVIDER_UNAVAILABLE, nothing, { 'Retry-After': '5' }],
  ['a mistake in the set-up', meanings.ERR_CONFIGURATION, nothing, {}],
]

describe('toChallenge', () => {
  for (const [what, meaning, details, expected] of headers) {
    it(`gives for ${what}: ${JSON.stringify(expected)}`, () => expect(toChallenge(meaning, details)).toEqual(expected))
  }

  for (const [what, meaning, details, expected] of headersOfResource) {
    it(`gives of a resource for ${what}: ${JSON.stringify(expected)}`, () =>
      expect(toChallenge(meaning, details, resource)).toEqual(expected))
  }

  it('names no scope of a resource whose project is not known', () =>
    expect(toChallenge(meanings.ERR_TOKEN_INVALID, nothing, { ...resource, document: {} })).toEqual(
      exposed('Bearer error="invalid_token", resource_metadata="https://api.example/metadata"'),
    ))
})
