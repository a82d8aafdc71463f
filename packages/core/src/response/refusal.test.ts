import { Buffer } from 'node:buffer'
import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyText } from '../../test/any-text.js'
import { createContext } from '../../test/contexts.js'
import { outcomeOf } from '../../test/expected-errors.js'
import { authorize } from '../authorization/authorize.js'
import { AuthorizationError } from '../errors/authorization-error.js'
import type { AuthorizationErrorCode } from '../errors/code.js'
import { toHttpRefusal } from './refusal.js'

interface Expected {
  readonly status: number
  readonly title: string
  readonly text: string
  readonly detail?: string
  readonly headers: Readonly<Record<string, string>>
}

const unavailable: Expected = {
  status: 503,
  title: 'Service Unavailable',
  text: 'service unavailable: the token cannot be verified right now\n',
  detail: 'the token cannot be verified right now',
  headers: { 'Retry-After': '5' },
}

const refusals: Readonly<Record<AuthorizationErrorCode, Expected>> = {
  ERR_TOKEN_MISSING: {
    status: 401,
    title: 'Unauthorized',
    text: 'unauthorized: authorization header is empty\n',
    detail: 'authorization header is empty',
    headers: { 'WWW-Authenticate': 'Bearer' },
  },
  ERR_SCHEME_UNSUPPORTED: {
    status: 401,
    title: 'Unauthorized',
    text: 'unauthorized: authorization scheme is not Bearer\n',
    detail: 'authorization scheme is not Bearer',
    headers: { 'WWW-Authenticate': 'Bearer' },
  },
  ERR_REQUEST_MALFORMED: {
    status: 400,
    title: 'Bad Request',
    text: 'bad request: authorization header is malformed\n',
    detail: 'authorization header is malformed',
    headers: { 'WWW-Authenticate': 'Bearer error="invalid_request"' },
  },
  ERR_TOKEN_TOO_LONG: {
    status: 400,
    title: 'Bad Request',
    text: 'bad request: authorization header is too long\n',
    detail: 'authorization header is too long',
    headers: { 'WWW-Authenticate': 'Bearer error="invalid_request"' },
  },
  ERR_TOKEN_INVALID: {
    status: 401,
    title: 'Unauthorized',
    text: 'unauthorized: token is invalid or has expired\n',
    detail: 'token is invalid or has expired',
    headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' },
  },
  ERR_PERMISSION_DENIED: {
    status: 403,
    title: 'Forbidden',
    text: 'permission denied: missing required role: `admin`\n',
    detail: 'missing required role: `admin`',
    headers: { 'WWW-Authenticate': 'Bearer error="insufficient_scope"' },
  },
  ERR_AUTHENTICATION_INSUFFICIENT: {
    status: 401,
    title: 'Unauthorized',
    text: 'unauthorized: missing required role: `admin`\n',
    detail: 'missing required role: `admin`',
    headers: { 'WWW-Authenticate': 'Bearer error="insufficient_user_authentication"' },
  },
  ERR_PROVIDER_UNAVAILABLE: unavailable,
  ERR_PROVIDER_NOT_FOUND: unavailable,
  ERR_EVENT_INVALID: { status: 401, title: 'Unauthorized', text: 'unauthorized\n', headers: {} },
  ERR_CONFIGURATION: {
    status: 500,
    title: 'Internal Server Error',
    text: 'internal server error\n',
    headers: {},
  },
}

const message = 'a reason that the client must not see'
const unmetRequirement = 'missing required role: `admin`'
const common = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' }

/** The error that a requirement of any role and scope name makes. */
function refuse(requirement: Parameters<typeof authorize>[1]): Promise<AuthorizationError> {
  return outcomeOf(() => authorize(createContext(), requirement)) as Promise<AuthorizationError>
}

/** A requirement takes no such scope; whatever makes this error, its answer must be whole. */
const missingScope = (scope: string): AuthorizationError =>
  new AuthorizationError('ERR_PERMISSION_DENIED', message, {
    ...{ unmetRequirement: `missing required scope: \`${scope}\``, requiredScopes: [scope] },
  })

describe('toHttpRefusal', () => {
  for (const code of Object.keys(refusals) as AuthorizationErrorCode[]) {
    const { status, title, text, detail, headers } = refusals[code]
    const error = new AuthorizationError(code, message, { cause: new Error('of the cause'), unmetRequirement })

    it(`answers ${code} with ${status} and one line of text`, () =>
      expect(toHttpRefusal(error)).toStrictEqual({
        status,
        headers: {
          'Content-Type': 'text/plain; charset=utf-8',
          'Content-Length': String(Buffer.byteLength(text)),
          ...common,
          ...headers,
        },
        body: text,
        text: text.trimEnd(),
        toResponse: expect.any(Function),
      }))

    it(`answers ${code} with the same in JSON (RFC 9457 section 3)`, () => {
      const refusal = toHttpRefusal(error, { format: 'problem-json' })
      expect(JSON.parse(refusal.body)).toStrictEqual(
        JSON.parse(JSON.stringify({ type: 'about:blank', title, status, detail })),
      )
      expect(refusal).toStrictEqual({
        status,
        headers: {
          'Content-Type': 'application/problem+json',
          'Content-Length': String(Buffer.byteLength(refusal.body)),
          ...common,
          ...headers,
        },
        body: refusal.body,
        text: text.trimEnd(),
        toResponse: expect.any(Function),
      })
    })
  }

  it('gives a request without credentials a challenge without an error code (RFC 6750 section 3.1)', () =>
    expect(toHttpRefusal(new AuthorizationError('ERR_TOKEN_MISSING', message)).headers['WWW-Authenticate']).toBe(
      'Bearer',
    ))

  it('names the scopes of the requirement in the challenge (RFC 6750 section 3)', async () =>
    expect(toHttpRefusal(await refuse({ scope: ['openid', 'email'] })).headers['WWW-Authenticate']).toBe(
      'Bearer error="insufficient_scope", scope="openid email"',
    ))

  it('quotes a scope for the challenge (RFC 9110 section 5.6.4)', async () =>
    expect(toHttpRefusal(missingScope('a"b\\c\r\nd\u00fc')).headers['WWW-Authenticate']).toBe(
      'Bearer error="insufficient_scope", scope="a\\"b\\\\c  d "',
    ))

  it('puts a space in the place of what would break the line', async () =>
    expect(toHttpRefusal(await refuse({ role: 'a\nb\u2028c' })).text).toBe(
      'permission denied: missing required role: `a b c`',
    ))

  it('counts bytes, not characters, in Content-Length (RFC 9110 section 8.6)', async () => {
    const { headers, body } = toHttpRefusal(await refuse({ role: 'Übersetzer 🎉' }))
    expect([headers['Content-Length'], body.length]).toEqual(['61', 58])
  })

  it('says when to come back, as the provider asked', () =>
    expect(
      toHttpRefusal(new AuthorizationError('ERR_PROVIDER_UNAVAILABLE', message, { retryAfterSeconds: 42 })).headers,
    ).toMatchObject({ 'Retry-After': '42' }))

  it('answers 500 to a code that a newer copy of this package may have', () =>
    expect(
      toHttpRefusal(Object.assign(new AuthorizationError('ERR_CONFIGURATION', message), { code: 'ERR_NEW' as never })),
    ).toMatchObject({ status: 500, body: 'internal server error\n' }))

  for (const format of ['text', 'problem-json'] as const) {
    for (const code of Object.keys(refusals) as AuthorizationErrorCode[]) {
      it(`gives the same answer to ${code} as a Response, as ${format}`, async () => {
        const refusal = toHttpRefusal(new AuthorizationError(code, message, { unmetRequirement }), { format })
        const response = refusal.toResponse()
        expect([response.status, await response.text()]).toEqual([refusal.status, refusal.body])
        expect(Object.fromEntries(response.headers)).toEqual(
          Object.fromEntries(Object.entries(refusal.headers).map(([name, value]) => [name.toLowerCase(), value])),
        )
      })
    }
  }

  it('gives another Response each time, since a body can be read once', async () => {
    const { toResponse, body } = toHttpRefusal(new AuthorizationError('ERR_TOKEN_INVALID', message))
    expect([await toResponse().text(), await toResponse().text()]).toEqual([body, body])
  })

  const lineBreak = /[\n\v\f\r\u0085\u2028\u2029]/
  const anyName = fc.oneof(
    anyText({ minLength: 1 }),
    fc.constantFrom('a\r\nSet-Cookie: x', 'a\nb', 'a\u2028b', 'a\u0085b', '\ud800', '"', '\\', '\u0000', '__proto__'),
  )
  for (const format of ['text', 'problem-json'] as const) {
    it(`gives headers that node:http takes and a body of one line, whatever the names, as ${format}`, () =>
      fc.assert(
        fc.asyncProperty(anyName, anyName, fc.constantFrom('role', 'scope', 'amr'), async (name, scope, about) => {
          const error = about === 'scope' ? missingScope(scope) : await refuse({ [about]: name })
          const { headers, body, text } = toHttpRefusal(error, { format })
          const response = new ServerResponse(new IncomingMessage(new Socket()))
          for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
          expect(response.getHeaders()).toMatchObject({ 'content-length': String(Buffer.from(body).length) })
          expect(body.replace(/\n$/, '')).not.toMatch(lineBreak)
          expect(text).not.toMatch(lineBreak)
        }),
        { numRuns: 500 },
      ))
  }
})
