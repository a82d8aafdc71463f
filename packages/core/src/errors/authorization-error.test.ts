import { Buffer } from 'node:buffer'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { AuthorizationError, copyAuthorizationError, isAuthorizationError } from './authorization-error.js'

describe('AuthorizationError', () => {
  it('is an Error with a code, fixed words for the client, and a reason for the developer', () => {
    const error = new AuthorizationError('ERR_TOKEN_INVALID', 'the key set of idp.internal has no such key')
    expect(error).toBeInstanceOf(Error)
    expect([error.name, error.code, error.message, error.reason]).toEqual([
      'AuthorizationError',
      'ERR_TOKEN_INVALID',
      'unauthorized: token is invalid or has expired',
      'the key set of idp.internal has no such key',
    ])
    expect(String(error)).toBe('AuthorizationError: unauthorized: token is invalid or has expired')
  })

  it('shows the reason where developers look, and nowhere else', () => {
    const error = new AuthorizationError('ERR_CONFIGURATION', 'idp.internal is no ZITADEL')
    const forIn: Record<string, unknown> = {}
    for (const name in error) forIn[name] = error[name as keyof AuthorizationError]
    const seen = [inspect(error), inspect({ error }), JSON.stringify(forIn)]
    expect(seen.map((text) => text.includes('idp.internal'))).toEqual([true, true, true])
    const sent = [error.message, error.stack, String(error), JSON.stringify(error), JSON.stringify({ ...error })]
    expect(sent.map((text) => text?.includes('idp.internal'))).toEqual(sent.map(() => false))
  })

  it('is shown with its stack, its members and its cause', () => {
    const cause = Object.assign(new TypeError('bytes of an answer'), { code: 'HPE_INVALID_CHUNK_SIZE' })
    const shown = inspect(new AuthorizationError('ERR_PROVIDER_UNAVAILABLE', 'cut off', { cause }))
    expect(shown).toMatch(/^AuthorizationError: service unavailable: the token cannot be verified right now\n {4}at /)
    expect(shown).toMatch(/reason: 'cut off'/)
    expect(shown).toMatch(/status: 503/)
    expect(shown).toMatch(/\[cause\]: \{ name: 'TypeError', code: 'HPE_INVALID_CHUNK_SIZE' \}/)
  })

  it('is shown without a cause where there is none, and with its stack once', () => {
    const shown = inspect(new AuthorizationError('ERR_CONFIGURATION', 'a reason'))
    expect(shown).not.toMatch(/cause|stack:/)
    expect(shown.match(/AuthorizationError: internal server error/g)).toHaveLength(1)
  })

  it('tells the client a requirement that was not met, in one line', () => {
    const options = { unmetRequirement: 'missing required role: `a\nb`' }
    expect(new AuthorizationError('ERR_PERMISSION_DENIED', 'a reason', options).message).toBe(
      'permission denied: missing required role: `a b`',
    )
    expect(new AuthorizationError('ERR_PERMISSION_DENIED', 'a reason').message).toBe('permission denied')
    expect(new AuthorizationError('ERR_TOKEN_INVALID', 'a reason', options).message).toBe(
      'unauthorized: token is invalid or has expired',
    )
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

  it('keeps name and code of the cause, and none of its words', () => {
    const cause = Object.assign(new RangeError('sub: bob'), { code: 'ERR_RANGE', rawPacket: Buffer.from('sub: bob') })
    const error = new AuthorizationError('ERR_PROVIDER_UNAVAILABLE', 'a reason', { cause })
    expect(error.cause).toEqual({ name: 'RangeError', code: 'ERR_RANGE' })
    expect(inspect(error, { depth: null, showHidden: true })).not.toMatch(/bob|Buffer/)
    for (const options of [{}, { cause: undefined }]) {
      expect(new AuthorizationError('ERR_PROVIDER_UNAVAILABLE', 'a reason', options)).not.toHaveProperty('cause')
    }
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
})

describe('copyAuthorizationError', () => {
  it('says the same, and is another error', () => {
    const error = new AuthorizationError('ERR_PERMISSION_DENIED', 'a reason', {
      ...{ cause: new TypeError('fetch failed'), retryAfterSeconds: 3 },
      ...{ requiredScopes: ['openid'], unmetRequirement: 'missing required scope: `openid`' },
    })
    const copy = copyAuthorizationError(error)
    expect(copy).not.toBe(error)
    expect(copy).toEqual(error)
    expect([copy.reason, copy.cause, { ...copy }]).toEqual([error.reason, error.cause, { ...error }])
  })

  it('leaves behind what a handler has written on the other one', () => {
    const error = new AuthorizationError('ERR_TOKEN_INVALID', 'a reason')
    Object.assign(error, { requestId: 'of a stranger', status: 418, message: 'for a stranger' })
    const copy = copyAuthorizationError(error)
    expect(copy).not.toHaveProperty('requestId')
    expect([copy.status, copy.message]).toEqual([401, 'unauthorized: token is invalid or has expired'])
  })
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
    const path = './authorization-error.js?another-copy'
    const another = (await import(/* @vite-ignore */ path)) as typeof import('./authorization-error.js')
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
