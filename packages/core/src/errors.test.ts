import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { AuthorizationError, isAuthorizationError } from './errors.js'

describe('AuthorizationError', () => {
  it('is an Error with code and message', () => {
    const error = new AuthorizationError('ERR_TOKEN_INVALID', 'the token has expired')
    expect(error).toBeInstanceOf(Error)
    expect([error.name, error.code, error.message]).toEqual([
      'AuthorizationError',
      'ERR_TOKEN_INVALID',
      'the token has expired',
    ])
    expect(String(error)).toBe('AuthorizationError: the token has expired')
  })

  for (const [code, status, headers] of [
    ['ERR_TOKEN_MISSING', 401, { 'WWW-Authenticate': 'Bearer' }],
    ['ERR_SCHEME_UNSUPPORTED', 401, { 'WWW-Authenticate': 'Bearer' }],
    ['ERR_REQUEST_MALFORMED', 400, { 'WWW-Authenticate': 'Bearer error="invalid_request"' }],
    ['ERR_TOKEN_INVALID', 401, { 'WWW-Authenticate': 'Bearer error="invalid_token"' }],
    ['ERR_PERMISSION_DENIED', 403, { 'WWW-Authenticate': 'Bearer error="insufficient_scope"' }],
    ['ERR_PROVIDER_UNAVAILABLE', 503, { 'Retry-After': '5' }],
    ['ERR_PROVIDER_NOT_FOUND', 503, { 'Retry-After': '5' }],
    ['ERR_CONFIGURATION', 500, {}],
  ] as const) {
    it(`tells frameworks what ${code} means in HTTP: ${status}`, () => {
      const error = new AuthorizationError(code, 'a message')
      expect(error).toMatchObject({ status, statusCode: status, expose: status < 500, headers })
      expect(Object.keys(error.headers)).toEqual(Object.keys(headers))
    })
  }

  it('keeps the cause, also one that is undefined, and has none unless one is given', () => {
    const cause = new Error('connection reset')
    expect(new AuthorizationError('ERR_PROVIDER_UNAVAILABLE', 'a message', { cause }).cause).toBe(cause)
    expect(new AuthorizationError('ERR_PROVIDER_UNAVAILABLE', 'a message', { cause: undefined })).toHaveProperty(
      'cause',
    )
    expect(new AuthorizationError('ERR_PROVIDER_UNAVAILABLE', 'a message')).not.toHaveProperty('cause')
  })

  it('says when to come back, as the provider asked or after 5 s', () => {
    expect(new AuthorizationError('ERR_PROVIDER_UNAVAILABLE', 'a message').headers).toEqual({ 'Retry-After': '5' })
    const asked = new AuthorizationError('ERR_PROVIDER_UNAVAILABLE', 'a message', { retryAfterSeconds: 17 })
    expect([asked.retryAfterSeconds, asked.headers]).toEqual([17, { 'Retry-After': '17' }])
    expect(new AuthorizationError('ERR_TOKEN_INVALID', 'a message').retryAfterSeconds).toBeUndefined()
  })

  it('names the scopes that were needed', () => {
    const error = new AuthorizationError('ERR_PERMISSION_DENIED', 'a message', { requiredScopes: ['openid', 'email'] })
    expect(error.headers).toEqual({ 'WWW-Authenticate': 'Bearer error="insufficient_scope", scope="openid email"' })
    expect(new AuthorizationError('ERR_PERMISSION_DENIED', 'a message').requiredScopes).toEqual([])
  })

  it('is called AuthorizationError in a log', () =>
    expect(inspect(new AuthorizationError('ERR_TOKEN_INVALID', 'a message'))).toMatch(
      /^AuthorizationError: a message\n/,
    ))
})

describe('isAuthorizationError', () => {
  it('goes by a symbol that every version of this package has', () =>
    expect(isAuthorizationError({ [Symbol.for('@org/zitadel-auth/AuthorizationError')]: true })).toBe(true))

  it('knows an error of this copy of the package, and of a class that extends it', () => {
    class Special extends AuthorizationError {}
    expect(isAuthorizationError(new AuthorizationError('ERR_TOKEN_INVALID', 'a message'))).toBe(true)
    expect(isAuthorizationError(new Special('ERR_TOKEN_INVALID', 'a message'))).toBe(true)
  })

  it('knows an error of another copy, as an application has one that imports and requires this package', async () => {
    const path = './errors.js?another-copy'
    const another = (await import(/* @vite-ignore */ path)) as typeof import('./errors.js')
    expect(another.AuthorizationError).not.toBe(AuthorizationError)
    const error = new another.AuthorizationError('ERR_TOKEN_INVALID', 'a message')
    expect([error instanceof AuthorizationError, isAuthorizationError(error)]).toEqual([false, true])
  })

  for (const value of [
    undefined,
    null,
    'AuthorizationError',
    7,
    new Error('a message'),
    { name: 'AuthorizationError', code: 'ERR_TOKEN_INVALID', status: 401 },
    JSON.parse(JSON.stringify(new AuthorizationError('ERR_TOKEN_INVALID', 'a message'))),
    AuthorizationError,
  ]) {
    it(`does not take ${String(value)} for one`, () => expect(isAuthorizationError(value)).toBe(false))
  }
})
