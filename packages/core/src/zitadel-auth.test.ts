import { Buffer } from 'node:buffer'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { HttpResponse, http } from 'msw'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { generateApplicationKey, slicesOf } from '../test/application-keys.js'
import { createClaims, createContext, granting, toToken } from '../test/contexts.js'
import { createDeferred } from '../test/deferred.js'
import { authorizationError, outcomeOf, typeError } from '../test/expected-errors.js'
import { issuer, startFakeZitadel } from '../test/fake-zitadel.js'
import { createClockWithAlarms, createRestlessClock, setUpNetwork } from '../test/network.js'
import { instanceNotFound, unauthorizedClient } from '../test/recorded-answers.js'
import { authorize } from './authorization/authorize.js'
import { createAuthorizationContext } from './authorization/context.js'
import type { Requirement } from './authorization/requirement.js'
import { AuthorizationError, isAuthorizationError } from './errors/authorization-error.js'
import type { Logger } from './internal/problem-log.js'
import type { ZitadelAuthOptions } from './options.js'
import { createZitadelAuth, type ZitadelAuth } from './zitadel-auth.js'

const server = setUpNetwork()
const { json } = generateApplicationKey()
const header = 'Bearer token-of-ann'
const inactive = expect.stringMatching(/^ZITADEL says that the token is not active/)
const noRequirement = 'a requirement is true, which every good token meets, or an object'
const admin = granting({ admin: { org1: 'one.example' } })
const missing = 'missing required role: `admin`'
const denied = authorizationError('ERR_PERMISSION_DENIED', missing)

function setUp(options: Partial<ZitadelAuthOptions> = {}) {
  const zitadel = startFakeZitadel(server)
  const clock = createRestlessClock()
  const logger = { warn: vi.fn<Logger['warn']>(), error: vi.fn<Logger['error']>() }
  const claims = { sub: 'ann', aud: ['client-1'], jti: 'id-of-ann', exp: clock.now() / 1_000 + 3_600 }
  /** Makes the token of Ann active, with some more claims. */
  const admit = (more: object = {}) => zitadel.tokens.set('token-of-ann', { ...claims, ...more })
  admit()
  const auth = createZitadelAuth({ domain: issuer, key: json, clock, logger, ...options } as ZitadelAuthOptions)
  return { auth, zitadel, clock, logger, admit, asked: () => zitadel.counts().introspection }
}

const down = () => new HttpResponse(null, { status: 500 })

/** Keeps ZITADEL's next answer until the test gives it. */
function hold({ introspect }: ReturnType<typeof startFakeZitadel>) {
  const arrived = createDeferred<void>()
  const answered = createDeferred<Response>()
  introspect.mockImplementationOnce(() => {
    arrived.resolve()
    return answered.promise
  })
  return {
    arrived: arrived.promise,
    answer: (claims: object) => answered.resolve(HttpResponse.json({ active: true, iss: issuer, ...claims })),
  }
}

describe('createZitadelAuth', () => {
  it('touches no network', () => {
    const { zitadel } = setUp()
    expect(zitadel.counts()).toEqual({ discovery: 0, introspection: 0 })
  })

  it('takes a wrong option for a mistake', () =>
    expect(() => createZitadelAuth({ domain: issuer, key: json, cache: true as never })).toThrow(
      typeError('cache is false or an object'),
    ))

  it('uses the global fetch, the clock of the machine and the console unless it is told otherwise', async () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => {})
    onTestFinished(() => error.mockRestore())
    const zitadel = startFakeZitadel(server)
    zitadel.introspect.mockImplementation(() => HttpResponse.json({ error: 'invalid_client' }, { status: 400 }))
    const auth = createZitadelAuth({ domain: issuer, clientId: 'client-1', clientSecret: 'words' })
    await expect(auth.authenticate(header)).rejects.toThrow(authorizationError('ERR_CONFIGURATION', expect.any(String)))
    expect(error.mock.calls).toEqual([[expect.stringMatching(/^\[zitadel-auth\] ERR_CONFIGURATION: ZITADEL refuses/)]])
  })
})

describe('a request that fails for another reason', () => {
  for (const reason of [undefined, null, false, 0, '', 'route']) {
    it(`rejects with an error where a check rejects with ${JSON.stringify(reason)}`, async () => {
      const { auth } = setUp()
      const check = () => Promise.reject(reason)
      const error = expect.objectContaining({
        message: 'the authorization of a request failed with something that is not an error',
      })
      expect(await outcomeOf(() => auth.authenticate(header, { check }))).toEqual(error)
      expect(await outcomeOf(() => auth.authenticateOptional(header, { check }))).toEqual(error)
    })
  }

  it('is refused as it would be without a logger that throws', async () => {
    const logger = {
      warn() {
        throw undefined
      },
      error() {},
    }
    const { auth, zitadel } = setUp({ logger })
    zitadel.introspect.mockImplementation(down)
    expect(await outcomeOf(() => auth.authenticate(header))).toEqual(
      authorizationError('ERR_PROVIDER_UNAVAILABLE', expect.any(String)),
    )
  })
})

describe('authenticate', () => {
  it('gives the context of a request with a good token', async () => {
    const { auth, admit } = setUp()
    admit({ ...granting({ admin: { org1: 'one.example' } }), client_id: 'web' })
    const context = await auth.authenticate(header)
    expect(context).toMatchObject({ userId: 'ann', clientId: 'web', token: 'token-of-ann' })
    expect(context.isGrantedRole('admin')).toBe(true)
  })

  it('finds ZITADEL once, and asks about each token once', async () => {
    const { auth, zitadel, admit } = setUp()
    admit()
    zitadel.tokens.set('token-of-bob', { sub: 'bob', aud: ['client-1'], exp: 253_402_300_799 })
    for (const value of [header, header, 'Bearer token-of-bob', 'Bearer token-of-bob']) await auth.authenticate(value)
    expect(zitadel.counts()).toEqual({ discovery: 1, introspection: 2 })
  })

  it('asks for every request with the cache off', async () => {
    const { auth, asked } = setUp({ cache: false })
    for (const value of [header, header]) await auth.authenticate(value)
    expect(asked()).toBe(2)
  })

  it('asks again after 30 s', async () => {
    const { auth, clock, asked } = setUp()
    await auth.authenticate(header)
    clock.advanceSeconds(29.999)
    await auth.authenticate(header)
    expect(asked()).toBe(1)
    clock.advanceSeconds(0.001)
    await auth.authenticate(header)
    expect(asked()).toBe(2)
  })

  it('proves who it is with the key', async () => {
    const { auth, zitadel } = setUp()
    await auth.authenticate(header)
    const [form] = zitadel.introspect.mock.calls[0] ?? []
    expect([...(form?.keys() ?? [])]).toEqual(['client_assertion_type', 'client_assertion', 'token'])
  })

  it('proves who it is with client id and secret', async () => {
    const { auth, zitadel } = setUp({ key: undefined, clientId: 'client-1', clientSecret: 'a b' } as never)
    await auth.authenticate(header)
    const [form, request] = zitadel.introspect.mock.calls[0] ?? []
    expect(request?.headers.get('authorization')).toBe(`Basic ${Buffer.from('client-1:a+b').toString('base64')}`)
    expect([...(form?.keys() ?? [])]).toEqual(['token'])
  })

  for (const [value, code] of [
    [undefined, 'ERR_TOKEN_MISSING'],
    ['Basic YTpi', 'ERR_SCHEME_UNSUPPORTED'],
    ['Bearer a b', 'ERR_REQUEST_MALFORMED'],
    [[header, header], 'ERR_REQUEST_MALFORMED'],
  ] as const) {
    it(`refuses ${JSON.stringify(value)} with ${code}, and asks nothing`, async () => {
      const { auth, zitadel } = setUp()
      await expect(auth.authenticate(value)).rejects.toThrow(authorizationError(code, expect.any(String)))
      expect(zitadel.counts()).toEqual({ discovery: 0, introspection: 0 })
    })
  }

  it('refuses a token that is not active, and asks again the next time', async () => {
    const { auth, zitadel, admit, asked } = setUp()
    zitadel.tokens.clear()
    await expect(auth.authenticate(header)).rejects.toThrow(authorizationError('ERR_TOKEN_INVALID', inactive))
    admit()
    expect((await auth.authenticate(header)).userId).toBe('ann')
    expect(asked()).toBe(2)
  })

  for (const [what, more, options, message] of [
    ['a token that has expired', { exp: 1 }, {}, 'the token has expired'],
    [
      'a token that is not valid yet',
      { nbf: 9_999_999_999 },
      {},
      'the token is not valid yet: compare the clocks of this machine and of ZITADEL',
    ],
    [
      'a token from another issuer',
      { iss: 'https://other.example' },
      {},
      'the token is from another issuer than the configured domain',
    ],
    [
      'a token for another project, where the project is known',
      { aud: ['p2'] },
      { projectId: 'p1' },
      "the token's audience holds neither this API's client id nor its project id",
    ],
    ['a token whose exp does not read', { exp: 'soon' }, {}, 'the claim "exp" of the token is not a number of seconds'],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const { auth, admit } = setUp(options)
      admit(more)
      await expect(auth.authenticate(header)).rejects.toThrow(authorizationError('ERR_TOKEN_INVALID', message))
    })
  }

  it('takes the roles of the project where it is known', async () => {
    const { auth, admit } = setUp({ projectId: 'p1' })
    admit({
      ...granting({ admin: { org1: '' } }),
      'urn:zitadel:iam:org:project:p1:roles': { editor: { org1: '' } },
      aud: ['p1'],
    })
    const context = await auth.authenticate(header)
    expect([context.isGrantedRole('admin'), context.isGrantedRole('editor')]).toEqual([false, true])
  })

  it('asks at the internal address under the public name', async () => {
    const { tokens, introspect } = startFakeZitadel(server, 'http://localhost:8080')
    tokens.set('token-of-ann', { sub: 'ann', aud: ['client-1'] })
    const auth = createZitadelAuth({ domain: issuer, internalUrl: 'http://localhost:8080', key: json })
    expect((await auth.authenticate(header)).userId).toBe('ann')
    const [form, request] = introspect.mock.calls[0] ?? []
    expect(request?.headers.get('x-zitadel-instance-host')).toBe('zitadel.example')
    expect(decodeJwt(form?.get('client_assertion') ?? '').aud).toBe(issuer)
  })

  for (const [what, requirement, message] of [
    ['is empty', {}, 'the requirement is empty: give true to let every good token pass'],
    ['is null', null, `${noRequirement}, and this one is null`],
    [
      'is undefined, as a misspelt member of an object of requirements is',
      undefined,
      `${noRequirement}, and this one is undefined`,
    ],
    ['is false', false, noRequirement],
    [
      'has a member that says nothing',
      { role: 'admin', inOrganization: undefined },
      '"inOrganization" of a requirement is a text that is not empty',
    ],
  ] as const) {
    it(`takes a requirement that ${what} for a mistake, before anything else`, async () => {
      const { auth, asked } = setUp()
      await expect(auth.authenticate(undefined, requirement as never)).rejects.toThrow(typeError(message))
      expect(asked()).toBe(0)
    })
  }
})

describe('authenticate with a requirement', () => {
  it('lets pass what meets it, and asks once', async () => {
    const { auth, admit, asked } = setUp()
    admit(admin)
    for (const _ of [1, 2]) expect((await auth.authenticate(header, { role: 'admin' })).userId).toBe('ann')
    expect(asked()).toBe(1)
  })

  it('refuses on a new answer at once', async () => {
    const { auth, asked } = setUp()
    await expect(auth.authenticate(header, { role: 'admin' })).rejects.toThrow(denied)
    expect(asked()).toBe(1)
  })

  it('asks again before it refuses on a remembered answer', async () => {
    const { auth, asked } = setUp()
    await auth.authenticate(header)
    await expect(auth.authenticate(header, { role: 'admin' })).rejects.toThrow(denied)
    expect(asked()).toBe(2)
  })

  it('lets a new role work at once', async () => {
    const { auth, admit, asked } = setUp()
    await auth.authenticate(header)
    admit(admin)
    const context = await auth.authenticate(header, { role: 'admin' })
    expect(context.isGrantedRole('admin')).toBe(true)
    await auth.authenticate(header, { role: 'admin' })
    expect(asked()).toBe(2)
  })

  it('refuses twenty requests in a row without a pause and with six questions, and lets a role pass a second later', async () => {
    const { auth, admit, asked, clock } = setUp()
    const outcomes: unknown[] = []
    for (let n = 0; n < 20; n += 1) outcomes.push(await outcomeOf(() => auth.authenticate(header, { role: 'admin' })))
    expect(outcomes).toEqual(outcomes.map(() => denied))
    expect([asked(), clock.sleep.mock.calls.length]).toEqual([6, 0])
    admit(admin)
    clock.advanceSeconds(0.999)
    await expect(auth.authenticate(header, { role: 'admin' })).rejects.toThrow(denied)
    clock.advanceSeconds(0.001)
    expect((await auth.authenticate(header, { role: 'admin' })).userId).toBe('ann')
    expect([asked(), clock.sleep.mock.calls.length]).toEqual([7, 0])
  })

  it('asks once for all who bring a token at once and are not let pass, and tells them what is true by then', async () => {
    const { auth, admit, asked } = setUp()
    await auth.authenticate(header)
    const pending = [1, 2, 3].map(() => auth.authenticate(header, { role: 'admin' }))
    admit(admin)
    expect((await Promise.all(pending)).map((context) => context.isGrantedRole('admin'))).toEqual([true, true, true])
    expect(asked()).toBe(2)
  })

  it('lets a role pass that was granted before the request, also where this waits for an older question', async () => {
    const { auth, zitadel, admit, asked } = setUp()
    const { arrived, answer } = hold(zitadel)
    const older = outcomeOf(() => auth.authenticate(header, { role: 'admin' }))
    await arrived
    admit(admin)
    const younger = auth.authenticate(header, { role: 'admin' })
    answer({ sub: 'ann', aud: ['client-1'] })
    expect(await older).toEqual(denied)
    expect((await younger).isGrantedRole('admin')).toBe(true)
    expect(asked()).toBe(2)
  })

  it('lets a token pass that is good since before the request, also where this waits for an older question', async () => {
    const { auth, zitadel, asked } = setUp()
    const { arrived, answer } = hold(zitadel)
    const older = outcomeOf(() => auth.authenticate(header))
    await arrived
    const younger = auth.authenticate(header)
    answer({ active: false })
    expect(await older).toEqual(authorizationError('ERR_TOKEN_INVALID', inactive))
    expect((await younger).userId).toBe('ann')
    expect(asked()).toBe(2)
  })

  it('says that the token is not good any more when that is what ZITADEL says now', async () => {
    const { auth, zitadel } = setUp()
    await auth.authenticate(header)
    zitadel.tokens.clear()
    await expect(auth.authenticate(header, { role: 'admin' })).rejects.toThrow(
      authorizationError('ERR_TOKEN_INVALID', inactive),
    )
    await expect(auth.authenticate(header)).rejects.toThrow(authorizationError('ERR_TOKEN_INVALID', inactive))
  })

  it('says that ZITADEL does not answer when it asks again and gets no answer', async () => {
    const { auth, zitadel, logger } = setUp()
    await auth.authenticate(header)
    zitadel.introspect.mockImplementation(down)
    await expect(auth.authenticate(header, { role: 'admin' })).rejects.toThrow(
      authorizationError('ERR_PROVIDER_UNAVAILABLE', 'ZITADEL answered with status 500'),
    )
    expect((await auth.authenticate(header)).userId).toBe('ann')
    expect(logger.warn).toHaveBeenCalledTimes(1)
  })

  it('awaits a check, and runs it again on the new answer before it refuses', async () => {
    const { auth, admit, asked } = setUp()
    await auth.authenticate(header)
    admit({ email: 'ann@one.example' })
    const check = vi.fn(async ({ email }: { readonly email: string | undefined }) => email !== undefined)
    expect((await auth.authenticate(header, { check })).email).toBe('ann@one.example')
    expect(await Promise.all(check.mock.results.map(({ value }) => value))).toEqual([false, true])
    expect(asked()).toBe(2)
  })

  it('does not run a check again on an answer that says the same', async () => {
    const { auth, asked } = setUp()
    await auth.authenticate(header)
    const check = vi.fn(() => false)
    await expect(auth.authenticate(header, { check })).rejects.toThrow(
      authorizationError('ERR_PERMISSION_DENIED', 'the check of the requirement did not give true'),
    )
    expect([check.mock.calls.length, asked()]).toEqual([1, 2])
  })

  it('lets the error of a check through as it is, without asking again or writing it to the log', async () => {
    const { auth, asked, logger } = setUp()
    await auth.authenticate(header)
    const failure = new RangeError('the database is gone')
    await expect(auth.authenticate(header, { check: () => Promise.reject(failure) })).rejects.toBe(failure)
    expect(asked()).toBe(1)
    expect([logger.warn.mock.calls, logger.error.mock.calls]).toEqual([[], []])
  })
})

describe('a requirement that is a function', () => {
  it('is called once, when the token is known to be good, however often ZITADEL is asked', async () => {
    const { auth, admit, asked } = setUp()
    const requirement = vi.fn(() => ({ role: 'admin', inOrganization: `org${asked()}` }))
    await auth.authenticate(header)
    admit(admin)
    expect((await auth.authenticate(header, requirement)).isGrantedRole('admin')).toBe(true)
    expect(requirement.mock.results.map(({ value }) => value.inOrganization)).toEqual(['org1'])
    expect(asked()).toBe(2)
  })

  for (const [value, code] of [
    [undefined, 'ERR_TOKEN_MISSING'],
    ['Basic YTpi', 'ERR_SCHEME_UNSUPPORTED'],
    ['Bearer a b', 'ERR_REQUEST_MALFORMED'],
    ['Bearer token-of-nobody', 'ERR_TOKEN_INVALID'],
  ] as const) {
    it(`is not called for ${value}, which is refused with ${code}`, async () => {
      const requirement = vi.fn(() => true as const)
      await expect(setUp().auth.authenticate(value, requirement)).rejects.toThrow(
        authorizationError(code, expect.any(String)),
      )
      expect(requirement).not.toHaveBeenCalled()
    })
  }

  it('is not called for a request without credentials where they are optional', async () => {
    const requirement = vi.fn(() => true as const)
    expect(await setUp().auth.authenticateOptional(undefined, requirement)).toBeUndefined()
    expect(requirement).not.toHaveBeenCalled()
  })

  it('may give its requirement later', async () => {
    const { auth, admit } = setUp()
    await expect(auth.authenticate(header, async () => ({ role: 'admin' }))).rejects.toThrow(denied)
    admit(admin)
    expect((await auth.authenticate(header, async () => ({ role: 'admin' }))).userId).toBe('ann')
  })

  it('may give true', async () => expect((await setUp().auth.authenticate(header, () => true)).userId).toBe('ann'))

  for (const [given, message] of [
    [undefined, `${noRequirement}, and this one is undefined`],
    [null, `${noRequirement}, and this one is null`],
    [false, noRequirement],
    [() => true, noRequirement],
    [{}, 'the requirement is empty: give true to let every good token pass'],
    [{ role: undefined }, '"role" of a requirement is a text that is not empty'],
  ] as const) {
    it(`lets nobody pass when it gives ${inspect(given)}`, async () => {
      const { auth } = setUp()
      for (const requirement of [() => given, async () => given] as never[]) {
        await expect(auth.authenticate(header, requirement)).rejects.toThrow(typeError(message))
        await expect(auth.authenticateOptional(header, requirement)).rejects.toThrow(typeError(message))
        await expect(auth.authenticateToken('token-of-ann', requirement)).rejects.toThrow(typeError(message))
      }
    })
  }

  it('lets its own error through as it is', async () => {
    const failure = new RangeError('the database is gone')
    const { auth, logger } = setUp()
    await expect(auth.authenticate(header, () => Promise.reject(failure))).rejects.toBe(failure)
    expect([logger.warn.mock.calls, logger.error.mock.calls]).toEqual([[], []])
  })
})

describe('authenticateToken', () => {
  it('gives the context of a request with a good token', async () => {
    const { auth, admit } = setUp()
    admit(admin)
    expect(await auth.authenticateToken('token-of-ann', { role: 'admin' })).toMatchObject({
      userId: 'ann',
      token: 'token-of-ann',
    })
  })

  it('shares what is remembered with authenticate', async () => {
    const { auth, asked } = setUp()
    await auth.authenticate(header)
    await auth.authenticateToken('token-of-ann')
    expect(asked()).toBe(1)
  })

  for (const [what, token, code] of [
    ['undefined', undefined, 'ERR_TOKEN_MISSING'],
    ['null', null, 'ERR_TOKEN_MISSING'],
    ['an empty text', '', 'ERR_TOKEN_MISSING'],
    ['a token behind its scheme', header, 'ERR_REQUEST_MALFORMED'],
    ['a token of more than 16 KiB', 'a'.repeat(16 * 1024 + 1), 'ERR_TOKEN_TOO_LONG'],
  ] as const) {
    it(`refuses ${what} with ${code}, and asks nothing`, async () => {
      const { auth, zitadel } = setUp()
      await expect(auth.authenticateToken(token)).rejects.toThrow(authorizationError(code, expect.any(String)))
      expect(zitadel.counts()).toEqual({ discovery: 0, introspection: 0 })
    })
  }

  it('refuses a token that is not good', () =>
    expect(setUp().auth.authenticateToken('token-of-nobody')).rejects.toThrow(
      authorizationError('ERR_TOKEN_INVALID', inactive),
    ))

  it('refuses a good token that does not meet the requirement', () =>
    expect(setUp().auth.authenticateToken('token-of-ann', { role: 'admin' })).rejects.toThrow(denied))

  it('takes a requirement that is undefined for a mistake, before anything else', () =>
    expect(setUp().auth.authenticateToken(undefined, undefined as never)).rejects.toThrow(
      typeError(`${noRequirement}, and this one is undefined`),
    ))
})

describe('authorize', () => {
  it('gives the context at hand where it meets the requirement, and asks nothing', async () => {
    const { auth, admit, asked } = setUp()
    admit(admin)
    const context = await auth.authenticate(header)
    expect(await auth.authorize(context, { role: 'admin' })).toBe(context)
    expect(await auth.authorize(context, true)).toBe(context)
    expect(asked()).toBe(1)
  })

  it('asks again before it refuses', async () => {
    const { auth, asked } = setUp()
    const context = await auth.authenticate(header)
    await expect(auth.authorize(context, { role: 'admin' })).rejects.toThrow(denied)
    expect(asked()).toBe(2)
  })

  it('gives a newer context where a role has been granted since', async () => {
    const { auth, admit } = setUp()
    const context = await auth.authenticate(header)
    admit(admin)
    const newer = await auth.authorize(context, { role: 'admin' })
    expect([context, newer].map((one) => one.isGrantedRole('admin'))).toEqual([false, true])
    expect(newer).toMatchObject({ userId: 'ann', token: 'token-of-ann', issuer })
  })

  it('asks once for all decisions at once over one context', async () => {
    const { auth, asked } = setUp()
    const context = await auth.authenticate(header)
    const outcomes = [1, 2, 3].map(() => outcomeOf(() => auth.authorize(context, { role: 'admin' })))
    expect(await Promise.all(outcomes)).toEqual([denied, denied, denied])
    expect(asked()).toBe(2)
  })

  it('refuses many decisions in a row with five more questions, also where no answer is remembered', async () => {
    const { auth, admit, asked } = setUp()
    admit({ exp: undefined })
    const context = await auth.authenticate(header)
    for (const _ of [1, 2, 3, 4, 5, 6, 7]) {
      await expect(auth.authorize(context, { role: 'admin' })).rejects.toThrow(denied)
    }
    expect(asked()).toBe(6)
  })

  it('awaits a check', async () => {
    const { auth } = setUp()
    const context = await auth.authenticate(header)
    expect(await auth.authorize(context, { check: async () => true })).toBe(context)
    await expect(auth.authorize(context, { check: async () => false })).rejects.toThrow(
      authorizationError('ERR_PERMISSION_DENIED', 'the check of the requirement did not give true'),
    )
  })

  it('says that the token is not good any more when that is what ZITADEL says now', async () => {
    const { auth, zitadel } = setUp()
    const context = await auth.authenticate(header)
    zitadel.tokens.clear()
    await expect(auth.authorize(context, { role: 'admin' })).rejects.toThrow(
      authorizationError('ERR_TOKEN_INVALID', inactive),
    )
  })

  for (const requirement of [true, { clientId: 'web' }, { role: 'admin' }] as const) {
    it(`refuses a context whose token has expired, whatever ${JSON.stringify(requirement)} says`, async () => {
      const { auth, admit, clock, asked } = setUp()
      admit({ client_id: 'web' })
      const context = await auth.authenticate(header)
      clock.advanceSeconds(3_599.999)
      expect(await auth.authorize(context, { clientId: 'web' })).toBe(context)
      clock.advanceSeconds(0.001)
      await expect(auth.authorize(context, requirement)).rejects.toThrow(
        authorizationError('ERR_TOKEN_INVALID', 'the token has expired since its context was made'),
      )
      expect(asked()).toBe(1)
    })
  }

  it('takes a context whose token names no expiry', async () => {
    const { auth, admit, clock } = setUp()
    admit({ exp: undefined })
    const context = await auth.authenticate(header)
    clock.advanceSeconds(86_400)
    expect(await auth.authorize(context, true)).toBe(context)
  })

  it('takes a context that another ZitadelAuth has made for a mistake, of the same ZITADEL too', async () => {
    const { auth } = setUp()
    const foreign = createAuthorizationContext(createClaims(), toToken('token-of-ann'), { issuer })
    await expect(auth.authorize(foreign, true)).rejects.toThrow(
      typeError('authorize takes a context that this ZitadelAuth gave, and no other'),
    )
  })

  for (const value of [
    undefined,
    null,
    'ann',
    {},
    { ...createContext() },
    JSON.parse(JSON.stringify(createContext())),
  ]) {
    it(`takes ${JSON.stringify(value)?.slice(0, 30)} in the place of a context for a mistake`, () =>
      expect(setUp().auth.authorize(value as never, true)).rejects.toThrow(
        typeError('authorize takes a context that this ZitadelAuth gave, and no other'),
      ))
  }

  for (const [requirement, message] of [
    [undefined, `${noRequirement}, and this one is undefined`],
    [{}, 'the requirement is empty: give true to let every good token pass'],
    [() => true, noRequirement],
  ] as const) {
    it(`takes the requirement ${inspect(requirement)} for a mistake`, async () => {
      const { auth } = setUp()
      const context = await auth.authenticate(header)
      await expect(auth.authorize(context, requirement as never)).rejects.toThrow(typeError(message))
    })
  }
})

describe('requests that share one question', () => {
  /** What a handler would write on an error is on no other. */
  function expectOwnErrors(outcomes: readonly unknown[], expected: unknown): void {
    expect(outcomes).toEqual(outcomes.map(() => expected))
    expect(new Set(outcomes).size).toBe(outcomes.length)
  }

  it('get an error of their own each where the token is bad', async () => {
    const { auth, zitadel } = setUp()
    zitadel.tokens.clear()
    const outcomes = [1, 2, 3].map(() => outcomeOf(() => auth.authenticate(header)))
    expectOwnErrors(await Promise.all(outcomes), authorizationError('ERR_TOKEN_INVALID', inactive))
  })

  it('get an error of their own each where ZITADEL does not answer', async () => {
    const { auth, zitadel, asked } = setUp()
    zitadel.introspect.mockImplementation(down)
    const outcomes = [1, 2, 3].map(() => outcomeOf(() => auth.authenticate(header)))
    expectOwnErrors(
      await Promise.all(outcomes),
      authorizationError('ERR_PROVIDER_UNAVAILABLE', 'ZITADEL answered with status 500'),
    )
    expect(asked()).toBe(1)
  })

  it('get an error of their own each where a requirement is not met', async () => {
    const { auth, asked } = setUp()
    const outcomes = [1, 2, 3].map(() => outcomeOf(() => auth.authenticate(header, { role: 'admin' })))
    expectOwnErrors(await Promise.all(outcomes), denied)
    expect(asked()).toBe(2)
  })

  it('get an error of their own each where their tokens differ and ZITADEL is not found', async () => {
    const { auth, zitadel } = setUp()
    zitadel.discover.mockImplementation(down)
    const outcomes = ['a', 'b', 'c'].map((token) => outcomeOf(() => auth.authenticate(`Bearer ${token}`)))
    expectOwnErrors(
      await Promise.all(outcomes),
      authorizationError('ERR_PROVIDER_UNAVAILABLE', 'ZITADEL answered with status 500'),
    )
    expect(zitadel.counts()).toEqual({ discovery: 1, introspection: 0 })
  })
})

describe('authenticateOptional', () => {
  for (const value of [undefined, null, '', []]) {
    it(`gives undefined for ${JSON.stringify(value)}, and asks nothing`, async () => {
      const { auth, zitadel } = setUp()
      expect(await auth.authenticateOptional(value, { role: 'admin' })).toBeUndefined()
      expect(zitadel.counts()).toEqual({ discovery: 0, introspection: 0 })
    })
  }

  it('gives the context of a request with a good token', async () =>
    expect((await setUp().auth.authenticateOptional(header))?.userId).toBe('ann'))

  for (const [value, given, code] of [
    ['Bearer token-of-nobody', [], 'ERR_TOKEN_INVALID'],
    ['Bearer', [], 'ERR_REQUEST_MALFORMED'],
    ['Basic YTpi', [], 'ERR_SCHEME_UNSUPPORTED'],
    [header, [{ role: 'admin' }], 'ERR_PERMISSION_DENIED'],
  ] as const) {
    it(`refuses ${value} all the same, with ${code}`, () =>
      expect(setUp().auth.authenticateOptional(value, ...given)).rejects.toThrow(
        authorizationError(code, expect.any(String)),
      ))
  }

  for (const [requirement, message] of [
    [{}, 'the requirement is empty: give true to let every good token pass'],
    [undefined, `${noRequirement}, and this one is undefined`],
  ] as const) {
    it(`takes the requirement ${inspect(requirement)} for a mistake, also for a request without credentials`, () =>
      expect(setUp().auth.authenticateOptional(undefined, requirement as never)).rejects.toThrow(typeError(message)))
  }

  it('writes a problem to the log', async () => {
    const { auth, zitadel, logger } = setUp()
    zitadel.introspect.mockImplementation(down)
    await expect(auth.authenticateOptional(header)).rejects.toThrow(
      authorizationError('ERR_PROVIDER_UNAVAILABLE', 'ZITADEL answered with status 500'),
    )
    expect(logger.warn).toHaveBeenCalledTimes(1)
  })
})

describe('readRequirement', () => {
  it('gives a frozen copy that authenticate takes as it is', async () => {
    const { auth, admit } = setUp()
    admit(granting({ admin: { org1: '' } }))
    const requirement = auth.readRequirement({ role: 'admin' })
    expect(Object.isFrozen(requirement)).toBe(true)
    expect((await auth.authenticate(header, requirement)).userId).toBe('ann')
  })

  it('gives true for true', () => expect(setUp().auth.readRequirement(true)).toBe(true))

  it('takes a misspelt member for a mistake', () =>
    expect(() => setUp().auth.readRequirement({ rol: 'admin' } as never)).toThrow(
      typeError(expect.stringMatching(/^the requirement has an unknown member "rol"/)),
    ))
})

describe('refusal', () => {
  const error = new AuthorizationError('ERR_TOKEN_INVALID', 'a message')

  it('gives the answer to an error of this library', () =>
    expect(setUp().auth.refusal(error)).toMatchObject({
      status: 401,
      body: 'unauthorized: token is invalid or has expired\n',
    }))

  it('gives the answer in JSON where that is the format', () =>
    expect(setUp({ refusalFormat: 'problem-json' }).auth.refusal(error)?.headers).toMatchObject({
      'Content-Type': 'application/problem+json',
    }))

  for (const value of [new Error('a bug'), new TypeError('a mistake'), undefined, null, 'text', { status: 401 }]) {
    it(`gives undefined for ${String(value)}`, () => expect(setUp().auth.refusal(value)).toBeUndefined())
  }
})

describe('ready', () => {
  it('resolves when ZITADEL has been found and accepts the credentials, and then is not looked for again', async () => {
    const { auth, zitadel } = setUp()
    expect(await auth.ready()).toBeUndefined()
    await auth.authenticate(header)
    expect(zitadel.counts()).toEqual({ discovery: 1, introspection: 2 })
  })

  for (const [what, answer, code] of [
    ['ZITADEL does not answer', down, 'ERR_PROVIDER_UNAVAILABLE'],
    ['the domain is not that of a ZITADEL', () => new HttpResponse(null, { status: 404 }), 'ERR_CONFIGURATION'],
  ] as const) {
    it(`rejects when ${what}, and a request tries again`, async () => {
      const { auth, zitadel } = setUp()
      zitadel.discover.mockImplementationOnce(answer)
      await expect(auth.ready()).rejects.toThrow(authorizationError(code, expect.any(String)))
      expect((await auth.authenticate(header)).userId).toBe('ann')
    })
  }

  it('needs no metadata where the endpoints are given', async () => {
    const { auth, zitadel } = setUp({
      endpoints: { introspection: `${issuer}/oauth/v2/introspect`, keys: `${issuer}/oauth/v2/keys` },
    })
    await auth.ready()
    expect(await auth.authenticate(header)).toMatchObject({ userId: 'ann' })
    expect(zitadel.counts()).toEqual({ discovery: 0, introspection: 2 })
  })

  it('rejects when the host does not resolve', () => {
    const cause = Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' })
    const fetch = () => Promise.reject(new TypeError('fetch failed', { cause }))
    return expect(setUp({ fetch }).auth.ready()).rejects.toThrow(
      authorizationError('ERR_PROVIDER_NOT_FOUND', 'the host zitadel.example does not resolve (ENOTFOUND)'),
    )
  })
})

describe('a key file that is replaced', () => {
  /** An API with a key file, and a ZITADEL that knows one of two keys. */
  function setUpWithFile() {
    const folder = mkdtempSync(join(tmpdir(), 'replaced-key-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const keyFile = join(folder, 'api.json')
    const replaceBy = (content: string) => writeFileSync(keyFile, content)
    replaceBy(JSON.stringify(json))
    const { zitadel, ...made } = setUp({ key: undefined, keyFile, cache: false } as never)
    const keyIds: unknown[] = []
    const accept = (keyId: string) =>
      zitadel.introspect.mockImplementation((form) => {
        const { kid } = decodeProtectedHeader(form.get('client_assertion') ?? '')
        keyIds.push(kid)
        return kid === keyId ? HttpResponse.json({ active: true, sub: 'ann', aud: ['client-1'] }) : unauthorizedClient()
      })
    accept('key-1')
    return { ...made, replaceBy, accept, keyIds }
  }
  const replacement = JSON.stringify({ ...generateApplicationKey().json, keyId: 'key-2' })
  const refused = authorizationError('ERR_CONFIGURATION', expect.stringMatching(/The application key may be expired/))

  it('lets every request pass without a restart, once ZITADEL has refused the key from before', async () => {
    const { auth, replaceBy, accept, keyIds } = setUpWithFile()
    await auth.authenticate(header)
    replaceBy(replacement)
    await auth.authenticate(header)
    expect(keyIds).toEqual(['key-1', 'key-1'])
    accept('key-2')
    expect(await auth.authenticate(header)).toMatchObject({ userId: 'ann' })
    await auth.authenticate(header)
    expect(keyIds.slice(2)).toEqual(['key-1', 'key-2', 'key-2'])
  })

  it('lets the first request pass, where the key was dead before it', async () => {
    const { auth, replaceBy, accept, keyIds } = setUpWithFile()
    accept('key-2')
    await expect(auth.ready()).rejects.toThrow(refused)
    replaceBy(replacement)
    expect(await auth.ready()).toBeUndefined()
    expect(keyIds).toEqual(['key-1', 'key-1', 'key-2'])
  })

  it('leaves the key from before in use where it is broken, and says so once a minute', async () => {
    const { auth, replaceBy, accept, logger } = setUpWithFile()
    replaceBy(replacement.slice(0, -20))
    accept('key-2')
    for (let n = 0; n < 3; n += 1) await expect(auth.authenticate(header)).rejects.toThrow(refused)
    expect(logger.error.mock.calls.map(([message]) => message)).toEqual([
      expect.stringMatching(/the key from before stays in use, since the key file .* is not JSON, or is cut off/),
      expect.stringMatching(/ERR_CONFIGURATION: ZITADEL refuses to introspect/),
    ])
    accept('key-1')
    expect(await auth.authenticate(header)).toMatchObject({ userId: 'ann' })
  })
})

describe('what ZITADEL says of its own name', () => {
  const auth = (options: object) =>
    createZitadelAuth({ domain: issuer, key: json, logger: { warn() {}, error() {} }, ...options } as never)
  const words = /^ZITADEL knows no instance by the name zitadel.example, and calls itself auth.example.com/
  const unknown = authorizationError('ERR_CONFIGURATION', expect.stringMatching(words), { status: 500 })
  const notFound = () => instanceNotFound({ externalDomain: 'auth.example.com' })

  for (const [what, path, options] of [
    ['where it is looked for', '/.well-known/openid-configuration', {}],
    [
      'where it is asked about a token',
      '/oauth/v2/introspect',
      { endpoints: { introspection: `${issuer}/oauth/v2/introspect`, keys: `${issuer}/oauth/v2/keys` } },
    ],
    [
      'where it is asked for its keys',
      '/oauth/v2/keys',
      { verification: 'jwt', projectId: 'p1', endpoints: { keys: `${issuer}/oauth/v2/keys` } },
    ],
  ] as const) {
    it(`is in the reason ${what}`, async () => {
      server.use(http.all(`${issuer}${path}`, notFound))
      await expect(auth(options).ready()).rejects.toThrow(unknown)
    })
  }
})

describe('forget', () => {
  for (const target of [{ token: 'token-of-ann' }, { userId: 'ann' }, { tokenId: 'id-of-ann' }]) {
    it(`lets the revocation of ${JSON.stringify(target)} work at once`, async () => {
      const { auth, zitadel } = setUp()
      await auth.authenticate(header)
      zitadel.tokens.clear()
      expect((await auth.authenticate(header)).userId).toBe('ann')
      auth.forget(target)
      await expect(auth.authenticate(header)).rejects.toThrow(authorizationError('ERR_TOKEN_INVALID', inactive))
    })
  }

  it('takes an event without an id for a mistake', () =>
    expect(() => setUp().auth.forget({ userId: undefined } as never)).toThrow(
      typeError('forget() takes { token }, { userId }, { tokenId } or { sessionId }, with a text that has no spaces'),
    ))
})

describe('forgetAll', () => {
  it('lets every revocation work at once', async () => {
    const { auth, zitadel } = setUp()
    await auth.authenticate(header)
    zitadel.tokens.clear()
    auth.forgetAll()
    await expect(auth.authenticate(header)).rejects.toThrow(authorizationError('ERR_TOKEN_INVALID', inactive))
  })
})

describe('the problem log', () => {
  it('has one line a minute for an API that ZITADEL refuses', async () => {
    const { auth, zitadel, clock, logger } = setUp()
    zitadel.introspect.mockImplementation(() => HttpResponse.json({ error: 'unauthorized_client' }, { status: 400 }))
    await Promise.allSettled([auth.authenticate(header), auth.authenticate(header)])
    clock.advanceSeconds(59.999)
    await Promise.allSettled([auth.authenticate(header)])
    expect(logger.error.mock.calls).toEqual([
      [
        expect.stringMatching(
          /^\[zitadel-auth\] ERR_CONFIGURATION: ZITADEL refuses to introspect: status 400 and unauth/,
        ),
      ],
    ])
    clock.advanceSeconds(0.001)
    await Promise.allSettled([auth.authenticate(header)])
    expect(logger.error).toHaveBeenCalledTimes(2)
    expect(logger.warn).not.toHaveBeenCalled()
  })

  it('has no line for what a client does wrong', async () => {
    const { auth, logger } = setUp()
    await Promise.allSettled(
      [undefined, 'Basic YTpi', 'Bearer a b', 'Bearer token-of-nobody'].map((value) => auth.authenticate(value)),
    )
    expect([logger.warn.mock.calls, logger.error.mock.calls]).toEqual([[], []])
  })
})

describe('a failing request', () => {
  const token = 'canary-token-of-ann'
  const secret = 'canary words: the secret'
  const failures: readonly (readonly [string, (zitadel: ReturnType<typeof startFakeZitadel>) => void])[] = [
    ['inactive', ({ tokens }) => tokens.clear()],
    ...[400, 401, 403, 404, 429, 500, 503].flatMap((status) =>
      [
        (echo: string) => HttpResponse.json({ error: echo, error_description: echo, parent: echo }, { status }),
        (echo: string) => HttpResponse.html(`<p>${echo}</p>`, { status, headers: { 'Retry-After': echo } }),
      ].map(
        (answer, index) =>
          [
            `status ${status} with ${['JSON', 'a page'][index]}`,
            ({ introspect }: ReturnType<typeof startFakeZitadel>) =>
              void introspect.mockImplementation(echoing(answer)),
          ] as const,
      ),
    ),
    ['a page', ({ introspect }) => void introspect.mockImplementation(echoing((echo) => HttpResponse.html(echo)))],
    [
      'JSON that is cut off',
      ({ introspect }) =>
        void introspect.mockImplementation(
          echoing(
            (echo) => new HttpResponse(`{"active":"${echo}`, { headers: { 'Content-Type': 'application/json' } }),
          ),
        ),
    ],
    [
      'a claim that does not read',
      ({ introspect }) =>
        void introspect.mockImplementation(
          echoing((echo) => HttpResponse.json({ active: true, sub: echo, aud: [echo], exp: echo })),
        ),
    ],
    ['another issuer', ({ tokens }) => void tokens.set(token, { sub: token, aud: [token], iss: token })],
    ['an expired token', ({ tokens }) => void tokens.set(token, { sub: token, aud: [token], exp: 1 })],
    [
      'a redirect',
      ({ introspect }) =>
        void introspect.mockImplementation(
          echoing(
            (echo) => new HttpResponse(null, { status: 307, headers: { Location: `https://x.example/${echo}` } }),
          ),
        ),
    ],
    ['no connection', ({ introspect }) => void introspect.mockImplementation(() => HttpResponse.error())],
    ['no answer', ({ introspect }) => void introspect.mockImplementation(() => new Promise<Response>(() => {}))],
    ['no metadata', ({ discover }) => void discover.mockImplementation(() => new HttpResponse(null, { status: 404 }))],
    ['a missing role', () => {}],
  ]

  /** An answer that repeats all that it was told, as bad proxies do. */
  function echoing(answer: (echo: string) => Response) {
    return async (form: URLSearchParams, request: Request) =>
      answer(encodeURIComponent(`${form.get('token')} ${form} ${request.headers.get('authorization')}`))
  }

  for (const [how, credentials] of [
    ['a key', { key: json }],
    ['a secret', { key: undefined, clientId: 'client-1', clientSecret: secret }],
  ] as const) {
    for (const [what, fail] of failures) {
      it(`with ${how} tells no token, secret, assertion or key in its error, answer or log: ${what}`, async () => {
        const { auth, zitadel, logger } = setUp({
          ...credentials,
          timeoutMs: 200,
          clock: createClockWithAlarms(),
        } as never)
        zitadel.tokens.set(token, { sub: 'ann', aud: ['client-1'] })
        fail(zitadel)
        const error = await outcomeOf(() => auth.authenticate(`Bearer ${token}`, { role: 'admin' }))
        expect(isAuthorizationError(error)).toBe(true)
        const { message, reason, stack, cause, headers } = error as AuthorizationError
        const shown = [
          [message, reason, stack, String(cause), JSON.stringify(error), JSON.stringify(headers)],
          [error, cause, auth, auth.refusal(error), logger.warn.mock.calls, logger.error.mock.calls].map((value) =>
            inspect(value, { depth: null, showHidden: true }),
          ),
        ].join('\n')
        const assertions = zitadel.introspect.mock.calls.map(([form]) => form.get('client_assertion') ?? '')
        const basic = Buffer.from(`client-1:${new URLSearchParams({ s: secret }).toString().slice(2)}`)
        const secrets = [token, secret, basic.toString('base64'), encodeURIComponent(secret), ...slicesOf(json.key)]
        const told = [...secrets, ...assertions.flatMap((text) => slicesOf(text, 40))]
        expect(told.filter((text) => shown.includes(text))).toEqual([])
      })
    }
  }

  it('with a header that does not read tells nothing of it', async () => {
    const { auth } = setUp()
    const errors = [`Bearer ${token} ${token}`, `${token} x`, `Bearer "${token}"`, [token, token]].map((value) =>
      outcomeOf(() => auth.authenticate(value)),
    )
    const shown = inspect(await Promise.all(errors), { depth: null, showHidden: true })
    expect(shown).toContain('AuthorizationError')
    expect(shown).not.toContain('canary')
  })
})

describe('close', () => {
  it('answers later requests with 503, and forgets what it knew', async () => {
    const { auth, asked } = setUp()
    await auth.authenticate(header)
    auth.close()
    await expect(auth.authenticate(header)).rejects.toThrow(
      authorizationError('ERR_PROVIDER_UNAVAILABLE', 'this ZitadelAuth is closed', { status: 503 }),
    )
    expect(asked()).toBe(1)
  })

  it('answers a later decision over a context with 503 too, and asks no more', async () => {
    const { auth, asked } = setUp()
    const context = await auth.authenticate(header)
    auth.close()
    await expect(auth.authorize(context, { role: 'admin' })).rejects.toThrow(
      authorizationError('ERR_PROVIDER_UNAVAILABLE', 'this ZitadelAuth is closed', { status: 503 }),
    )
    expect(asked()).toBe(1)
  })
})

describe('an outage', () => {
  it('costs ZITADEL a handful of questions, however many requests there are', async () => {
    const { auth, zitadel, asked, clock } = setUp()
    zitadel.introspect.mockImplementation(down)
    for (let n = 0; n < 100; n += 1) await outcomeOf(() => auth.authenticate(`Bearer token-${n}`))
    expect(asked()).toBe(5)
    zitadel.introspect.mockReset()
    clock.advanceSeconds(1)
    zitadel.introspect.mockImplementation(() => HttpResponse.json({ active: true, sub: 'ann', aud: ['client-1'] }))
    expect(await auth.authenticate(header)).toMatchObject({ userId: 'ann' })
  })
})

describe('diagnostics', () => {
  function listen(name: string) {
    const heard = vi.fn<(event: unknown) => void>()
    subscribe(`@org/zitadel-auth:${name}`, heard)
    onTestFinished(() => void unsubscribe(`@org/zitadel-auth:${name}`, heard))
    return heard
  }

  it('tell the story of a request without its token', async () => {
    const { auth } = setUp()
    const heard: [string, object][] = []
    const names = ['verified', 'refused', 'cache', 'upstream'].map((name) => `@org/zitadel-auth:${name}`)
    const listener = (event: unknown, name: string | symbol) => void heard.push([String(name), event as object])
    for (const name of names) subscribe(name, listener)
    onTestFinished(() => names.forEach((name) => void unsubscribe(name, listener)))
    await auth.authenticate(header)
    await auth.authenticate(header)
    await outcomeOf(() => auth.authenticate('Basic words'))
    await outcomeOf(() => auth.authenticate('Bearer token-of-nobody'))
    expect(heard.map(([name, event]) => [name.replace('@org/zitadel-auth:', ''), event])).toEqual([
      ['cache', { issuer, outcome: 'miss' }],
      ['upstream', { issuer, url: `${issuer}/.well-known/openid-configuration`, durationMs: 0, outcome: 200 }],
      ['upstream', { issuer, url: `${issuer}/oauth/v2/introspect`, durationMs: 0, outcome: 200 }],
      ['verified', { issuer, userId: 'ann', verifiedBy: 'introspection' }],
      ['cache', { issuer, outcome: 'hit' }],
      ['verified', { issuer, userId: 'ann', verifiedBy: 'introspection' }],
      ['refused', { issuer, code: 'ERR_SCHEME_UNSUPPORTED', reason: expect.stringContaining('another scheme') }],
      ['cache', { issuer, outcome: 'miss' }],
      ['upstream', { issuer, url: `${issuer}/oauth/v2/introspect`, durationMs: 0, outcome: 200 }],
      ['refused', { issuer, code: 'ERR_TOKEN_INVALID', reason: inactive }],
    ])
    expect(inspect(heard, { depth: 9 })).not.toMatch(/token-of/)
  })

  it('tell of nobody where credentials are optional and the request has none', async () => {
    const { auth } = setUp()
    const heard = ['verified', 'refused'].map(listen)
    expect(await auth.authenticateOptional(undefined)).toBeUndefined()
    expect(heard.map(({ mock }) => mock.calls)).toEqual([[], []])
  })

  it('tell of each decision over a context too', async () => {
    const { auth } = setUp()
    const context = await auth.authenticate(header)
    const heard = ['verified', 'refused'].map(listen)
    await auth.authorize(context, true)
    await outcomeOf(() => auth.authorize(context, { role: 'admin' }))
    expect(heard.map(({ mock }) => mock.calls.map(([event]) => event))).toEqual([
      [{ issuer, userId: 'ann', verifiedBy: 'introspection' }],
      [{ issuer, code: 'ERR_PERMISSION_DENIED', reason: missing }],
    ])
  })

  it('tell when questions stop, and when one is asked again', async () => {
    const { auth, zitadel, clock } = setUp()
    const heard = listen('breaker')
    zitadel.introspect.mockImplementation(down)
    for (const n of [1, 2, 3, 4, 5]) await outcomeOf(() => auth.authenticate(`Bearer token-${n}`))
    clock.advanceSeconds(1)
    zitadel.introspect.mockImplementation(() => HttpResponse.json({ active: false }))
    await outcomeOf(() => auth.authenticate(header))
    expect(heard.mock.calls.map(([event]) => event)).toEqual(
      ['open', 'half-open', 'closed'].map((state) => ({ issuer, state })),
    )
  })

  it('leave out an error that is not about authorization', async () => {
    const { auth } = setUp()
    const heard = listen('refused')
    const failure = new RangeError('the database is gone')
    const check = () => {
      throw failure
    }
    await expect(auth.authenticate(header, { check })).rejects.toBe(failure)
    expect(heard).not.toHaveBeenCalled()
  })
})

describe('a ZitadelAuth with a resource', () => {
  const resource = 'https://api.example.com/mcp'
  const url = 'https://api.example.com/.well-known/oauth-protected-resource/mcp'
  const needs = `scope="openid urn:zitadel:iam:org:project:id:148:aud", resource_metadata="${url}"`
  const ofJwt = 'urn:zitadel:iam:org:project:id:148:aud'
  const set = (more: Partial<ZitadelAuthOptions> = {}) =>
    setUp({ resource, projectId: '148', ...more } as Partial<ZitadelAuthOptions>)

  /** What the two tell a client: the headers that frameworks read, and the answer. */
  async function challengesOf(auth: ZitadelAuth, run: () => unknown) {
    const error = (await outcomeOf(run)) as AuthorizationError
    return [error.headers['WWW-Authenticate'], auth.refusal(error)?.headers['WWW-Authenticate']]
  }

  it('tells of its metadata, and one without tells none', () => {
    expect(set().auth.resourceMetadata).toMatchObject({ url, document: { resource } })
    expect(setUp().auth.resourceMetadata).toBeUndefined()
  })

  it.each([
    [undefined, `Bearer ${needs}`],
    ['Basic YTpi', `Bearer ${needs}`],
    ['Bearer a b', `Bearer error="invalid_request", ${needs}`],
    ['Bearer nobodys', `Bearer error="invalid_token", ${needs}`],
  ])('says the same in the headers of the error and in the answer to %j', async (sent, challenge) => {
    const { auth } = set()
    expect(await challengesOf(auth, () => auth.authenticate(sent))).toEqual([challenge, challenge])
  })

  it('says the same of a bare token', async () => {
    const { auth } = set()
    expect(await challengesOf(auth, () => auth.authenticateToken(undefined))).toEqual([
      `Bearer ${needs}`,
      `Bearer ${needs}`,
    ])
  })

  it.each(['auth.authorize', 'authorize'])('says the same by %s', async (way) => {
    const { auth } = set()
    const context = await auth.authenticate(header)
    const ask = (requirement: Requirement) =>
      way === 'authorize' ? authorize(context, requirement) : auth.authorize(context, requirement)
    expect(await challengesOf(auth, () => ask({ role: 'admin' }))).toEqual([undefined, undefined])
    const challenge = `Bearer error="insufficient_scope", scope="openid ${ofJwt} email", resource_metadata="${url}"`
    expect(await challengesOf(auth, () => ask({ scope: 'email' }))).toEqual([challenge, challenge])
  })

  it('answers an error that the application has made as one of its own', () => {
    const { auth } = set()
    const error = new AuthorizationError('ERR_TOKEN_MISSING', 'no cookie')
    expect([auth.refusal(error)?.headers['WWW-Authenticate'], error.headers['WWW-Authenticate']]).toEqual([
      `Bearer ${needs}`,
      `Bearer ${needs}`,
    ])
  })

  it.each([resource, undefined])('leaves the challenge of another to an error of that (%s)', async (own) => {
    const { auth } = own === undefined ? setUp() : set()
    const other = set({ resource: 'https://api.example.com/other' }).auth
    const error = (await outcomeOf(() => auth.authenticate(undefined))) as AuthorizationError
    expect(other.refusal(error)?.headers['WWW-Authenticate']).toBe(own === undefined ? 'Bearer' : `Bearer ${needs}`)
  })

  it('gives every request that waits for one answer the whole challenge', async () => {
    const { auth } = set()
    const errors = await Promise.all([1, 2, 3].map(() => outcomeOf(() => auth.authenticate('Bearer nobodys'))))
    expect(errors.map((error) => (error as AuthorizationError).headers['WWW-Authenticate'])).toEqual(
      [1, 2, 3].map(() => `Bearer error="invalid_token", ${needs}`),
    )
  })
})
