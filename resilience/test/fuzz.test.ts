import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import fc from 'fast-check'
import { customFetch, protectedResourceRequest, WWWAuthenticateChallengeError } from 'oauth4webapi'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { authorize } from '../../packages/core/src/authorization/authorize.js'
import { createAuthorizationContext } from '../../packages/core/src/authorization/context.js'
import { AuthorizationError, isAuthorizationError } from '../../packages/core/src/errors/authorization-error.js'
import type { AuthorizationErrorCode } from '../../packages/core/src/errors/code.js'
import { meanings } from '../../packages/core/src/errors/meanings.js'
import { readApplicationKey } from '../../packages/core/src/provider/application-key.js'
import { readMaxAgeSeconds } from '../../packages/core/src/provider/cache-control.js'
import { readKeySet } from '../../packages/core/src/provider/json-web-key.js'
import { readRetryAfterSeconds } from '../../packages/core/src/provider/retry-after.js'
import { type BearerToken, readOptionalBearerToken } from '../../packages/core/src/request/bearer-token.js'
import { toHttpRefusal } from '../../packages/core/src/response/refusal.js'
import { decodeObject, readUnverifiedJwt } from '../../packages/core/src/verification/jwt/compact-jwt.js'
import { readVerifiedClaims } from '../../packages/core/src/verification/read-claims.js'
import { createCacheCommands, runCacheCommands } from '../src/cache-commands.js'
import { leaveFigures } from '../src/figures.js'
import { anyJson, anyText, fuzz, fuzzed } from '../src/fuzz.js'
import { createStoreEvents, findBrokenPromise } from '../src/shared-cache.js'

// A nightly run takes minutes.
vi.setConfig({ testTimeout: 60 * 60_000 })

afterAll(() => leaveFigures('fuzz', fuzzed))

/** What a call gives, or the error of this library that it throws. Any other error is a bug, and fails the property. */
function attempt<Result>(
  call: () => Result,
  isExpected: (error: unknown) => boolean,
): Result | { readonly refused: string } {
  try {
    return call()
  } catch (error) {
    if (!isExpected(error)) throw error
    return { refused: isAuthorizationError(error) ? error.code : 'TypeError' }
  }
}

const isTypeError = (error: unknown): boolean => error instanceof TypeError

describe('the reader of the header', () => {
  const scheme = fc.constantFrom('Bearer', 'bearer', 'BEARER', 'Basic', 'DPoP', 'Bear er', '')
  const space = fc.constantFrom(' ', '  ', '', '\t', '\u00a0', ',', ', ')
  const token = fc.oneof(fc.base64String(), fc.stringMatching(/^[\w.~+/-]{1,20}={0,3}$/), anyText)
  const credentials = fc
    .tuple(scheme, space, token, fc.oneof(fc.constant(''), space, token))
    .map((parts) => parts.join(''))
  const long = fc.nat({ max: 20_000 }).map((length) => `Bearer ${'a'.repeat(length)}`)
  const value = fc.oneof(
    { arbitrary: credentials, weight: 6 },
    { arbitrary: anyText, weight: 3 },
    { arbitrary: long, weight: 1 },
  )
  const header = fc.oneof(value, value, fc.array(value, { maxLength: 3 }), fc.constantFrom(null, undefined))
  const codes: readonly AuthorizationErrorCode[] = [
    'ERR_SCHEME_UNSUPPORTED',
    'ERR_REQUEST_MALFORMED',
    'ERR_TOKEN_TOO_LONG',
  ]

  it('gives a token of the grammar, nothing, or one of three refusals for any text', () =>
    fuzz(
      0.2,
      fc.property(header, (given) => {
        const read = attempt(() => readOptionalBearerToken(given), isAuthorizationError)
        const values = [given ?? ''].flat()
        const isShort = values.every((text) => text.length <= 16_384)
        const isToken = typeof read === 'string' && /^[\w.~+/-]+=*$/.test(read) && isShort
        const isNothing = read === undefined && values.every((text) => text === '') && values.length <= 1
        const isRefused = typeof read === 'object' && codes.some((code) => code === read.refused)
        return (isToken && values[0]?.endsWith(` ${read}`)) || isNothing || isRefused
      }),
    ))
})

describe('every challenge', () => {
  const errors = fc.record({
    code: fc.constantFrom(...(Object.keys(meanings) as AuthorizationErrorCode[])),
    message: anyText,
    requiredScopes: fc.array(anyText, { maxLength: 4 }),
    retryAfterSeconds: fc.option(fc.nat({ max: 300 }), { nil: undefined }),
    maxAgeSeconds: fc.option(fc.nat({ max: 300 }), { nil: undefined }),
    format: fc.constantFrom('text' as const, 'problem-json' as const),
  })
  const toRefusal = ({ code, message, format, ...options }: Parameters<Parameters<typeof errors.map>[0]>[0]) =>
    toHttpRefusal(new AuthorizationError(code, message, options), { format })

  it('is taken by setHeader, as all headers are, with one line of text', () =>
    fuzz(
      0.1,
      fc.property(errors, (error) => {
        const { headers, status, text, body } = toRefusal(error)
        const response = new ServerResponse(new IncomingMessage(new Socket()))
        for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
        const isOneLine = !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text)
        return status >= 400 && isOneLine && headers['Content-Length'] === `${Buffer.byteLength(body)}`
      }),
    ))

  it('is read by oauth4webapi as it is meant', () =>
    fuzz(
      0.05,
      fc.asyncProperty(errors, async (error) => {
        const { headers, status } = toRefusal(error)
        const { challenge } = meanings[error.code]
        const answer = new Response(null, { status, headers })
        const url = new URL('https://api.example')
        const read = await protectedResourceRequest('token', 'GET', url, undefined, null, {
          [customFetch]: async () => answer,
        }).catch((thrown: unknown) => thrown)
        const parsed = read instanceof WWWAuthenticateChallengeError ? read.cause : []
        const scope = [...new Set(error.requiredScopes)].join(' ').replace(/[^\x20-\x7e]/g, ' ')
        const hasScope = challenge !== undefined && challenge !== 'none' && error.requiredScopes.length > 0
        const hasMaxAge = challenge !== undefined && error.maxAgeSeconds !== undefined
        const parameters = {
          ...(challenge === undefined || challenge === 'none' ? {} : { error: challenge }),
          ...(hasScope ? { scope } : {}),
          ...(hasMaxAge ? { max_age: String(error.maxAgeSeconds) } : {}),
        }
        expect(parsed).toEqual(challenge === undefined ? [] : [{ scheme: 'bearer', parameters }])
      }),
    ))
})

describe('the cache', () => {
  it('does what its model does, whatever comes in whatever order', () =>
    fuzz(0.15, fc.asyncProperty(fc.constantFrom('auto', 'jwt'), createCacheCommands(), runCacheCommands)))
})

describe('roles and scopes', () => {
  const roleClaim = 'urn:zitadel:iam:org:project:roles'
  const organizations = fc.dictionary(anyText, anyText, { maxKeys: 3 })
  const granted = fc.dictionary(anyText, organizations, { maxKeys: 5 })
  const given = (claims: object) =>
    createAuthorizationContext(readVerifiedClaims({ sub: 'ann', aud: 'api', ...claims }), 'token' as BearerToken, {
      issuer: 'https://zitadel.example',
    })

  it('are granted as ZITADEL says and not otherwise, under any names', () =>
    fuzz(
      0.1,
      fc.property(
        granted,
        anyText,
        anyText.filter((text) => text !== ''),
        (roles, role, organizationId) => {
          const context = given({ [roleClaim]: JSON.parse(JSON.stringify(roles)) })
          const expected = new Map(Object.entries(roles).map(([name, grants]) => [name, Object.keys(grants)] as const))
          const ofRole = (name: string): readonly string[] => expected.get(name) ?? []
          for (const name of [role, ...expected.keys()]) {
            expect(context.isGrantedRole(name)).toBe(ofRole(name).length > 0)
            expect(context.isGrantedRole(name, { organizationId })).toBe(ofRole(name).includes(organizationId))
            expect(context.organizationsWithRole(name)).toEqual(ofRole(name))
          }
        },
      ),
    ))

  it('of a token without any are none, under any name', () =>
    fuzz(
      0.05,
      fc.property(anyText, (role) => {
        const context = given({})
        return !context.isGrantedRole(role) && context.organizationsWithRole(role).length === 0
      }),
    ))

  it('are asked for beside a login that is not too old and of the right kinds, whatever ZITADEL says of it', () => {
    const now = Date.now() / 1_000
    const method = fc.constantFrom('pwd', 'otp', 'user', 'mfa')
    const said = fc.oneof(
      fc.integer({ min: -700, max: 700 }).map((ago) => now - ago),
      anyJson(['auth_time']),
    )
    const kinds = fc.oneof(fc.array(method, { maxLength: 4 }), anyJson(['amr']))
    const asked = fc.record({
      maxAgeSeconds: fc.integer({ min: 1, max: 600 }),
      amr: fc.array(method, { minLength: 1 }),
    })
    return fuzz(
      0.1,
      fc.property(said, kinds, asked, (time, amr, { maxAgeSeconds, ...methods }) => {
        const context = given({ auth_time: time, amr })
        const isTime = typeof time === 'number' && now - time < maxAgeSeconds - 1 && now - time > -4
        const isOld = typeof time !== 'number' || !(now - time < maxAgeSeconds + 60 && now - time > -6)
        const isKind = Array.isArray(amr) && methods.amr.every((one) => (amr as unknown[]).includes(one))
        const verdict = attempt(() => authorize(context, { maxAgeSeconds, ...methods }), isAuthorizationError)
        const refused = { refused: 'ERR_AUTHENTICATION_INSUFFICIENT' }
        // At the very edge the time that passes meanwhile decides.
        const possible = isTime && isKind ? [undefined] : isOld || !isKind ? [refused] : [undefined, refused]
        expect(possible).toContainEqual(verdict)
      }),
    )
  })

  it('are asked for and found one by one, never in part', () => {
    const scope = anyText.filter((text) => text !== '' && !/\s/.test(text))
    return fuzz(
      0.1,
      fc.property(fc.array(scope, { maxLength: 4 }), scope, (scopes, asked) => {
        const context = given(scopes.length === 0 ? {} : { scope: scopes.join(' ') })
        const verdict = attempt(() => authorize(context, { scope: asked }), isAuthorizationError)
        const expected = scopes.includes(asked) ? undefined : { refused: 'ERR_PERMISSION_DENIED' }
        expect(verdict).toEqual(expected)
      }),
    )
  })
})

describe('the readers of what comes from outside', () => {
  const claimNames = [
    ...['active', 'sub', 'aud', 'iss', 'exp', 'nbf', 'jti', 'scope', 'client_id', 'act', 'username', 'email'],
    'urn:zitadel:iam:org:project:roles',
    'urn:zitadel:iam:org:project:p1:roles',
    'urn:zitadel:iam:user:metadata',
    'urn:zitadel:iam:user:groups',
    'urn:zitadel:iam:user:resourceowner:id',
  ]
  const keyNames = ['keys', 'kid', 'kty', 'alg', 'use', 'crv', 'n', 'e', 'type', 'keyId', 'key', 'clientId', 'RS256']
  const good = { active: true, sub: 'ann', aud: ['api'], exp: 2_000_000_000 }
  const anyClaims = fc
    .dictionary(fc.oneof(fc.constantFrom(...claimNames), anyText), anyJson(claimNames), { maxKeys: 6 })
    .map((claims) => ({ ...good, ...claims }))

  it('give frozen claims that decide only by what has its type, or refuse, for any JSON', () =>
    fuzz(
      0.15,
      fc.property(anyClaims, fc.constantFrom(undefined, 'p1'), (answer, projectId) => {
        const read = attempt(
          () => readVerifiedClaims(answer, { verifiedBy: 'introspection', projectId }),
          (error) => isAuthorizationError(error) && error.code === 'ERR_TOKEN_INVALID',
        )
        const isSound =
          'refused' in read ||
          (Object.isFrozen(read) &&
            [read.roles, read.claims, read.metadata, read.audience, read.scopes].every(Object.isFrozen) &&
            [read.roles, read.claims, read.metadata].every((record) => Object.getPrototypeOf(record) === null) &&
            read.userId === answer.sub &&
            (read.expiresAtSeconds === undefined || Number.isFinite(read.expiresAtSeconds)) &&
            read.audience.every((id) => typeof id === 'string'))
        return isSound
      }),
    ))

  it('never fail in another way than they say', () =>
    fuzz(
      0.1,
      fc.property(anyText, anyJson(keyNames), fc.base64String(), (text, json, encoded) => {
        readKeySet(json)
        readKeySet({ keys: [json] })
        readRetryAfterSeconds(text, 0)
        readMaxAgeSeconds(text, { min: 30, max: 3_600, fallback: 300 })
        readUnverifiedJwt(`${encoded}.${text}.` as BearerToken)
        decodeObject(text)
        decodeObject(Buffer.from(JSON.stringify(json) ?? '').toString('base64url'))
        for (const content of [json, text, JSON.stringify(json)])
          attempt(() => readApplicationKey(content), isTypeError)
      }),
    ))
})

describe('processes that share a store', () => {
  for (const [weather, what] of [
    ['calm', 'as long as nothing happens to it, and all forget what one was told to'],
    ['any', 'whatever happens to it, and each forgets what it was told to'],
  ] as const) {
    it(`let nobody pass longer than the time of an answer, and refuse nobody who is good, ${what}`, () =>
      fuzz(
        0.01,
        fc.asyncProperty(createStoreEvents(weather), async (events) => {
          expect(await findBrokenPromise(weather, events)).toBeUndefined()
        }),
      ))
  }
})
