import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { HttpResponse, http } from 'msw'
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { createClaims, toToken } from '../test/contexts.js'
import { createDeferred } from '../test/deferred.js'
import { authorizationError, outcomeOf, typeError } from '../test/expected-errors.js'
import { issuer, startFakeZitadel } from '../test/fake-zitadel.js'
import { createRestlessClock, setUpNetwork } from '../test/network.js'
import { unauthorizedClient } from '../test/recorded-answers.js'
import { generateSigningKey, type SigningKey } from '../test/signing-keys.js'
import { createGuard } from './adapter/guard.js'
import { createAuthorizationContext } from './authorization/context.js'
import type { ZitadelAuthOptions } from './options.js'
import { createZitadelAuth } from './zitadel-auth.js'

const server = setUpNetwork()
const jwksUri = `${issuer}/oauth/v2/keys`
const introspectionEndpoint = `${issuer}/oauth/v2/introspect`

let key: SigningKey
beforeAll(async () => {
  key = await generateSigningKey('ES256')
})

function setUp(options: object) {
  const zitadel = startFakeZitadel(server)
  zitadel.discover.mockImplementation(() =>
    HttpResponse.json({ issuer, introspection_endpoint: introspectionEndpoint, jwks_uri: jwksUri }),
  )
  const publish = vi.fn<() => Response>(() => HttpResponse.json({ keys: [key.publicJwk] }))
  server.use(http.get(jwksUri, () => publish()))
  const clock = createRestlessClock()
  const logger = { warn: vi.fn(), error: vi.fn() }
  const secret = { clientId: 'client-1', clientSecret: 'words' }
  const auth = createZitadelAuth({ domain: issuer, clock, logger, ...secret, ...options } as ZitadelAuthOptions)
  const counts = () => ({ ...zitadel.counts(), keys: publish.mock.calls.length })
  return { auth, zitadel, publish, clock, counts, logger }
}

const projectId = 'project-1'
const nothing = { discovery: 0, introspection: 0, keys: 0 }
const noCredentials = { clientId: undefined, clientSecret: undefined }

const rolesIn = (role: string) => ({ [`urn:zitadel:iam:org:project:${projectId}:roles`]: { [role]: { org1: '' } } })
const claimsAt = (nowMs: number) => ({
  iss: issuer,
  sub: 'ann',
  aud: [projectId],
  jti: 'id-of-ann',
  client_id: 'web',
  iat: nowMs / 1_000,
  nbf: nowMs / 1_000,
  exp: nowMs / 1_000 + 3_600,
  ...rolesIn('reader'),
})

describe('ready', () => {
  for (const [mode, options, asked] of [
    ['introspection', {}, { ...nothing, discovery: 1, introspection: 1 }],
    ['jwt', { verification: 'jwt', projectId }, { ...nothing, discovery: 1, keys: 1 }],
    [
      'jwt without credentials',
      { verification: 'jwt', projectId, ...noCredentials },
      { ...nothing, discovery: 1, keys: 1 },
    ],
    ['auto', { verification: 'auto', projectId }, { discovery: 1, introspection: 1, keys: 1 }],
  ] as const) {
    it(`asks for what ${mode} needs, and only when it is called`, async () => {
      const { auth, counts } = setUp(options)
      expect(counts()).toEqual(nothing)
      expect(await auth.ready()).toBeUndefined()
      expect(counts()).toEqual(asked)
      // Whether ZITADEL accepts the credentials can change at any time.
      await auth.ready()
      expect(counts()).toEqual({ ...asked, introspection: asked.introspection * 2 })
    })
  }

  for (const [mode, options] of [
    ['introspection', {}],
    ['auto', { verification: 'auto', projectId }],
  ] as const) {
    it(`fails in ${mode} while ZITADEL does not accept the credentials, with what it says to requests`, async () => {
      const { auth, zitadel, counts, logger } = setUp(options)
      zitadel.introspect.mockImplementation(() => unauthorizedClient())
      const why =
        /^ZITADEL refuses to introspect: status 400 and unauthorized_client: .* The client secret may be wrong/
      const refused = authorizationError('ERR_CONFIGURATION', expect.stringMatching(why))
      await expect(auth.ready()).rejects.toThrow(refused)
      await expect(auth.authenticate('Bearer of-ann')).rejects.toThrow(refused)
      expect(counts().introspection).toBe(2)
      expect(logger.error).toHaveBeenCalledTimes(1)
      zitadel.introspect.mockImplementation(() => HttpResponse.json({ active: false }))
      expect(await auth.ready()).toBeUndefined()
    })

    it(`asks in ${mode} about a token that nobody has, and takes no answer about it for a hint`, async () => {
      const { auth, zitadel, logger } = setUp(options)
      for (let n = 0; n < 6; n += 1) await auth.ready()
      const tokens = zitadel.introspect.mock.calls.map(([form]) => form.get('token'))
      expect(tokens).toEqual(tokens.map(() => 'zitadel-auth-asks-whether-it-may-ask'))
      expect([logger.warn.mock.calls, logger.error.mock.calls]).toEqual([[], []])
    })

    it(`has the deadline of a request in ${mode}`, async () => {
      const { auth, zitadel, clock, counts } = setUp(options)
      zitadel.introspect.mockImplementation(() => createDeferred<Response>().promise)
      const outcome = outcomeOf(() => auth.ready())
      await vi.waitFor(() => expect(counts().introspection).toBe(1))
      clock.advanceSeconds(5)
      expect(await outcome).toEqual(
        authorizationError('ERR_PROVIDER_UNAVAILABLE', 'zitadel.example did not answer in time'),
      )
    })
  }

  it('asks no question about credentials in jwt, also where it has some', async () => {
    const { auth, zitadel, counts } = setUp({ verification: 'jwt', projectId })
    zitadel.introspect.mockImplementation(() => unauthorizedClient())
    await auth.ready()
    expect(counts().introspection).toBe(0)
  })

  it('asks nobody in jwt with keys from the start', async () => {
    const { auth, counts } = setUp({ verification: 'jwt', projectId, jwks: { keys: [key.publicJwk] } })
    await auth.ready()
    expect(counts()).toEqual(nothing)
  })

  it('finds ZITADEL in auto with keys from the start, since opaque tokens need it', async () => {
    const { auth, counts } = setUp({ verification: 'auto', projectId, jwks: { keys: [key.publicJwk] } })
    await auth.ready()
    expect(counts()).toEqual({ ...nothing, discovery: 1, introspection: 1 })
  })

  for (const verification of ['jwt', 'auto']) {
    it(`fails in ${verification} while there are no keys`, async () => {
      const { auth, publish } = setUp({ verification, projectId })
      publish.mockImplementation(() => new HttpResponse(null, { status: 500 }))
      await expect(auth.ready()).rejects.toThrow(
        authorizationError('ERR_PROVIDER_UNAVAILABLE', 'ZITADEL answered with status 500'),
      )
    })

    it(`succeeds in ${verification} when ZITADEL is back`, async () => {
      const { auth, publish, clock } = setUp({ verification, projectId })
      publish.mockImplementationOnce(() => new HttpResponse(null, { status: 500 }))
      await expect(auth.ready()).rejects.toThrow()
      clock.advanceSeconds(1)
      await auth.ready()
      expect(publish).toHaveBeenCalledTimes(2)
    })

    it(`says in ${verification} that ZITADEL names no address of keys`, async () => {
      const { auth, zitadel } = setUp({ verification, projectId })
      zitadel.discover.mockImplementation(() =>
        HttpResponse.json({ issuer, introspection_endpoint: introspectionEndpoint }),
      )
      await expect(auth.ready()).rejects.toThrow(
        authorizationError('ERR_CONFIGURATION', expect.stringMatching(/has no jwks_uri/)),
      )
    })
  }

  it('does without an introspection endpoint in jwt', async () => {
    const { auth, zitadel } = setUp({ verification: 'jwt', projectId })
    zitadel.discover.mockImplementation(() => HttpResponse.json({ issuer, jwks_uri: jwksUri }))
    expect(await auth.ready()).toBeUndefined()
  })

  it('does without an address of keys in introspection', async () => {
    const { auth, zitadel } = setUp({})
    zitadel.discover.mockImplementation(() =>
      HttpResponse.json({ issuer, introspection_endpoint: introspectionEndpoint }),
    )
    expect(await auth.ready()).toBeUndefined()
  })

  for (const options of [{}, { verification: 'jwt', projectId }, { verification: 'auto', projectId }]) {
    it(`fails for a domain of another issuer: ${JSON.stringify(options)}`, async () => {
      const { auth, zitadel } = setUp(options)
      zitadel.discover.mockImplementation(() => HttpResponse.json({ issuer: 'https://other.example' }))
      await expect(auth.ready()).rejects.toThrow(authorizationError('ERR_CONFIGURATION', expect.any(String)))
    })
  }

  it('refuses keys on plain http to another machine', async () => {
    const { auth, zitadel } = setUp({ verification: 'jwt', projectId })
    zitadel.discover.mockImplementation(() =>
      HttpResponse.json({ issuer, jwks_uri: 'http://zitadel.example/oauth/v2/keys' }),
    )
    await expect(auth.ready()).rejects.toThrow(
      authorizationError('ERR_CONFIGURATION', expect.stringMatching(/^the jwks_uri of .* is plain http/)),
    )
  })
})

describe('authenticate', () => {
  for (const verification of ['jwt', 'auto']) {
    it(`verifies a JWT by a published key in ${verification}, and asks about none`, async () => {
      const { auth, clock, counts } = setUp({ verification, projectId })
      const token = await key.sign(claimsAt(clock.now()))
      expect(await auth.authenticate(`Bearer ${token}`, { role: 'reader' })).toMatchObject({
        userId: 'ann',
        verifiedBy: 'jwt',
      })
      expect(counts()).toEqual({ ...nothing, discovery: 1, keys: 1 })
    })

    it(`refuses in ${verification} a JWT for another project`, async () => {
      const { auth, clock } = setUp({ verification, projectId })
      const token = await key.sign({ ...claimsAt(clock.now()), aud: ['project-2'] })
      await expect(auth.authenticate(`Bearer ${token}`)).rejects.toThrow(
        authorizationError('ERR_TOKEN_INVALID', expect.stringMatching(/audience holds neither/)),
      )
    })

    it(`refuses in ${verification} a JWT that has expired`, async () => {
      const { auth, clock } = setUp({ verification, projectId })
      const token = await key.sign(claimsAt(clock.now()))
      await auth.authenticate(`Bearer ${token}`)
      clock.advanceSeconds(3_600)
      await expect(auth.authenticate(`Bearer ${token}`)).rejects.toThrow(
        authorizationError('ERR_TOKEN_INVALID', 'the token has expired'),
      )
    })
  }

  it('refuses an opaque token in jwt', async () => {
    const { auth, counts } = setUp({ verification: 'jwt', projectId })
    await expect(auth.authenticate('Bearer of-ann')).rejects.toThrow(
      authorizationError('ERR_TOKEN_INVALID', expect.stringMatching(/^the token is no JWT/)),
    )
    expect(counts()).toEqual(nothing)
  })

  it('has the last word on a JWT in jwt, and judges it once', async () => {
    const { auth, clock, counts } = setUp({ verification: 'jwt', projectId })
    const token = await key.sign(claimsAt(clock.now()))
    const check = vi.fn(() => false)
    for (const times of [1, 2]) {
      await expect(auth.authenticate(`Bearer ${token}`, { check })).rejects.toThrow(
        authorizationError('ERR_PERMISSION_DENIED', 'the check of the requirement did not give true'),
      )
      expect(check).toHaveBeenCalledTimes(times)
    }
    expect(counts()).toEqual({ ...nothing, discovery: 1, keys: 1 })
  })

  it('has the last word in jwt also on one that is remembered, and renews its old keys meanwhile', async () => {
    const { auth, publish, clock, counts } = setUp({ verification: 'jwt', projectId, cache: { ttlSeconds: 3_600 } })
    const token = await key.sign(claimsAt(clock.now()))
    await auth.authenticate(`Bearer ${token}`)
    publish.mockImplementation(() => HttpResponse.json({ keys: [] }))
    clock.advanceSeconds(3_599)
    await expect(auth.authenticate(`Bearer ${token}`, { role: 'admin' })).rejects.toThrow(
      authorizationError('ERR_PERMISSION_DENIED', 'missing required role: `admin`'),
    )
    await vi.waitFor(() => expect(counts()).toEqual({ ...nothing, discovery: 1, keys: 2 }))
  })

  it('asks ZITADEL in auto before it refuses on a JWT: a new role works at once', async () => {
    const { auth, zitadel, clock, counts } = setUp({ verification: 'auto', projectId })
    const token = await key.sign(claimsAt(clock.now()))
    zitadel.tokens.set(token, { ...claimsAt(clock.now()), ...rolesIn('admin') })
    expect(await auth.authenticate(`Bearer ${token}`, { role: 'admin' })).toMatchObject({ verifiedBy: 'introspection' })
    expect(counts()).toEqual({ discovery: 1, introspection: 1, keys: 1 })
  })

  for (const [what, options] of [
    ['with the cache on', {}],
    ['with the cache off', { cache: false }],
  ] as const) {
    it(`lets every request pass in auto that ZITADEL lets pass and a JWT does not, ${what}`, async () => {
      const { auth, zitadel, clock } = setUp({ verification: 'auto', projectId, ...options })
      const token = await key.sign(claimsAt(clock.now()))
      zitadel.tokens.set(token, { ...claimsAt(clock.now()), ...rolesIn('admin'), scope: 'openid' })
      for (let n = 0; n < 20; n += 1) {
        const requirement = { role: 'admin', scope: 'openid' }
        expect(await auth.authenticate(`Bearer ${token}`, requirement)).toMatchObject({ userId: 'ann' })
      }
    })
  }

  it('asks ZITADEL in auto about opaque tokens', async () => {
    const { auth, zitadel, clock, counts } = setUp({ verification: 'auto', projectId })
    zitadel.tokens.set('of-ann', claimsAt(clock.now()))
    expect(await auth.authenticate('Bearer of-ann')).toMatchObject({ userId: 'ann', verifiedBy: 'introspection' })
    expect(counts()).toEqual({ ...nothing, discovery: 1, introspection: 1 })
  })
})

describe('requests in jwt that share one question for the keys', () => {
  it('get an error of their own each where it fails', async () => {
    const { auth, publish, clock, counts } = setUp({ verification: 'jwt', projectId })
    publish.mockImplementation(() => new HttpResponse(null, { status: 500 }))
    const claims = claimsAt(clock.now())
    const tokens = await Promise.all(
      [{}, { jti: 'another' }, { sub: 'bob' }].map((more) => key.sign({ ...claims, ...more })),
    )
    const errors = await Promise.all(
      [...tokens, ...tokens].map((token) => outcomeOf(() => auth.authenticate(`Bearer ${token}`))),
    )
    expect(errors).toEqual(
      errors.map(() => authorizationError('ERR_PROVIDER_UNAVAILABLE', 'ZITADEL answered with status 500')),
    )
    expect(new Set(errors).size).toBe(6)
    expect(counts()).toEqual({ ...nothing, discovery: 1, keys: 1 })
  })
})

describe('authorize', () => {
  it('has the last word on a JWT in jwt, and judges it once', async () => {
    const { auth, clock, counts } = setUp({ verification: 'jwt', projectId })
    const context = await auth.authenticate(`Bearer ${await key.sign(claimsAt(clock.now()))}`)
    const check = vi.fn(() => false)
    await expect(auth.authorize(context, { check })).rejects.toThrow(
      authorizationError('ERR_PERMISSION_DENIED', 'the check of the requirement did not give true'),
    )
    expect(check).toHaveBeenCalledTimes(1)
    expect(counts()).toEqual({ ...nothing, discovery: 1, keys: 1 })
  })

  it('asks ZITADEL in auto before it refuses on a JWT, also for a scope, which a JWT has not', async () => {
    const { auth, zitadel, clock, counts } = setUp({ verification: 'auto', projectId })
    const token = await key.sign(claimsAt(clock.now()))
    zitadel.tokens.set(token, { ...claimsAt(clock.now()), scope: 'openid' })
    const context = await auth.authenticate(`Bearer ${token}`)
    expect(await auth.authorize(context, { scope: 'openid' })).toMatchObject({ verifiedBy: 'introspection' })
    expect(counts()).toEqual({ discovery: 1, introspection: 1, keys: 1 })
  })
})

describe('a requirement that no token can meet', () => {
  const impossible = [
    ['jwt', { scope: 'openid' }, /^a requirement asks for a scope, and a JWT of ZITADEL has none: use/],
    [
      'introspection',
      { role: 'reader', inProject: 'project-2' },
      /^a requirement asks for a role in the project project-2/,
    ],
  ] as const

  for (const [verification, requirement, message] of impossible) {
    it(`is a mistake wherever it is given in ${verification}, and costs no question`, async () => {
      const { auth, clock, counts } = setUp({ verification, projectId })
      const claims = createClaims({ ...claimsAt(clock.now()), iss: undefined }, projectId)
      const context = createAuthorizationContext(claims, toToken('of-ann'), { issuer })
      const mistake = typeError(expect.stringMatching(message))
      expect(() => auth.readRequirement(requirement)).toThrow(mistake)
      expect(() => createGuard(auth, 'required', [requirement])).toThrow(mistake)
      await expect(auth.authenticate(undefined, requirement)).rejects.toThrow(mistake)
      await expect(auth.authenticateOptional(undefined, requirement)).rejects.toThrow(mistake)
      await expect(auth.authenticateToken(undefined, requirement)).rejects.toThrow(mistake)
      await expect(auth.authorize(context, requirement)).rejects.toThrow(mistake)
      expect(counts()).toEqual(nothing)
    })

    it(`lets nobody pass where a function gives it in ${verification}`, async () => {
      const { auth, zitadel, clock } = setUp({ verification, projectId })
      const token = await key.sign(claimsAt(clock.now()))
      zitadel.tokens.set(token, { ...claimsAt(clock.now()), scope: 'openid' })
      expect(await auth.authenticate(`Bearer ${token}`, () => ({ role: 'reader' }))).toMatchObject({ userId: 'ann' })
      await expect(auth.authenticate(`Bearer ${token}`, () => requirement)).rejects.toThrow(
        typeError(expect.stringMatching(message)),
      )
    })
  }
})

describe('readRequirement', () => {
  for (const [verification, requirement] of [
    ['introspection', { scope: ['openid'] }],
    ['auto', { scope: ['openid'] }],
    ['jwt', { role: 'admin' }],
    ['auto', { role: 'admin', inProject: 'project-2' }],
  ] as const) {
    it(`takes ${JSON.stringify(requirement)} in ${verification}`, () =>
      expect(setUp({ verification, projectId }).auth.readRequirement(requirement)).toEqual(requirement))
  }
})

describe('a hint at the set-up', () => {
  it('is logged while requests are answered as ever', async () => {
    const { auth, zitadel, logger } = setUp({ projectId, cache: false })
    const outcome = (token: string) =>
      auth.authenticate(`Bearer ${token}`).catch((error: { code: string }) => error.code)
    const unknown = await Promise.all(['a', 'b', 'c', 'd', 'e'].map(outcome))
    expect(unknown).toEqual(unknown.map(() => 'ERR_TOKEN_INVALID'))
    const roles = { 'urn:zitadel:iam:org:project:project-2:roles': { admin: { org: '' } } }
    zitadel.tokens.set('of-ann', { sub: 'ann', aud: [projectId], ...roles })
    expect(await outcome('of-ann')).toMatchObject({ userId: 'ann', roles: {} })
    expect(logger.warn.mock.calls).toEqual([
      [expect.stringContaining(`request the scope urn:zitadel:iam:org:project:id:${projectId}:aud`)],
      [expect.stringContaining(`another project than the configured projectId ${projectId}`)],
    ])
  })
})

describe('a role in a project that no answer names', () => {
  const requirement = { role: 'reader', inProject: 'project-2' }
  const refused = authorizationError(
    'ERR_PERMISSION_DENIED',
    expect.stringMatching(/own project alone: for others use/),
  )

  it('is refused, and the log says that nobody can have it, once a minute', async () => {
    const { auth, zitadel, logger } = setUp({})
    zitadel.tokens.set('of-ann', { sub: 'ann', aud: [projectId], ...rolesIn('reader') })
    for (let n = 0; n < 2; n += 1)
      await expect(auth.authenticate('Bearer of-ann', requirement)).rejects.toThrow(refused)
    expect(logger.warn.mock.calls).toEqual([
      [expect.stringMatching(/^\[zitadel-auth\] hint: missing required role: `reader`: .* own project alone/)],
    ])
  })

  it('is refused without a word in the log where the answer names no project, or that one', async () => {
    const { auth, zitadel, logger } = setUp({})
    zitadel.tokens.set('of-ann', { sub: 'ann', aud: [projectId] })
    const roles = { 'urn:zitadel:iam:org:project:project-2:roles': { editor: { org1: '' } } }
    zitadel.tokens.set('of-bob', { sub: 'bob', aud: [projectId], ...roles })
    for (const token of ['of-ann', 'of-bob'])
      await expect(auth.authenticate(`Bearer ${token}`, requirement)).rejects.toThrow(refused)
    expect(logger.warn).not.toHaveBeenCalled()
  })

  it('is refused without a word in the log in auto, where a JWT may name it', async () => {
    const { auth, zitadel, logger } = setUp({ verification: 'auto', projectId })
    zitadel.tokens.set('of-ann', { sub: 'ann', aud: [projectId], ...rolesIn('reader') })
    await expect(auth.authenticate('Bearer of-ann', requirement)).rejects.toThrow(refused)
    expect(logger.warn).not.toHaveBeenCalled()
  })
})

describe('what an inactive token shows', () => {
  it('is in the reason and in the log, and not in what the client reads', async () => {
    const { auth, clock, logger } = setUp({ projectId, cache: false })
    const idToken = await key.sign({
      ...claimsAt(clock.now()),
      jti: undefined,
      nbf: undefined,
      email: 'ann@one.example',
    })
    const outcomes = []
    for (let n = 0; n < 5; n += 1) outcomes.push(await outcomeOf(() => auth.authenticate(`Bearer ${idToken}`)))
    const seen = 'by its payload, which is not verified, it is an ID token, and no access token'
    expect(outcomes).toEqual(
      outcomes.map(() =>
        authorizationError('ERR_TOKEN_INVALID', `ZITADEL says that the token is not active: ${seen}`, {
          message: 'unauthorized: token is invalid or has expired',
        }),
      ),
    )
    expect(logger.warn.mock.calls).toEqual([[expect.stringMatching(new RegExp(`since the start. .*: ${seen}$`))]])
  })

  it('is said of a JWT in auto by its verified payload', async () => {
    const { auth, clock } = setUp({ verification: 'auto', projectId })
    const idToken = await key.sign({ ...claimsAt(clock.now()), jti: undefined, nbf: undefined })
    await expect(auth.authenticate(`Bearer ${idToken}`)).rejects.toThrow(
      authorizationError('ERR_TOKEN_INVALID', 'the token is an ID token: the client must send its access token'),
    )
  })
})

describe('a flood of questions', () => {
  /** Holds every answer of ZITADEL until the test lets them go. */
  function holdAll({ introspect, tokens }: ReturnType<typeof setUp>['zitadel']) {
    const gate = createDeferred<void>()
    introspect.mockImplementation(async (form) => {
      await gate.promise
      const claims = tokens.get(form.get('token') ?? '')
      return HttpResponse.json(claims === undefined ? { active: false } : { active: true, iss: issuer, ...claims })
    })
    return gate
  }

  it('is sent as many at once as maxConcurrentRequests says, and the others in turn', async () => {
    const { auth, zitadel, clock, counts } = setUp({ maxConcurrentRequests: 2 })
    const names = ['a', 'b', 'c', 'd']
    for (const name of names) zitadel.tokens.set(`of-${name}`, { ...claimsAt(clock.now()), sub: name })
    const gate = holdAll(zitadel)
    const pending = names.map((name) => auth.authenticate(`Bearer of-${name}`))
    await vi.waitFor(() => expect(counts().introspection).toBe(2))
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(counts().introspection).toBe(2)
    gate.resolve()
    expect((await Promise.all(pending)).map(({ userId }) => userId)).toEqual(names)
  })

  it('is refused beyond maxQueuedRequests, and each after timeoutMs', async () => {
    const { auth, zitadel, clock, counts } = setUp({ maxConcurrentRequests: 1, maxQueuedRequests: 1 })
    holdAll(zitadel)
    const pending = ['a', 'b', 'c'].map((name) => outcomeOf(() => auth.authenticate(`Bearer of-${name}`)))
    const tooMany = authorizationError('ERR_PROVIDER_UNAVAILABLE', 'too many tokens are waiting to be verified')
    // The newest is served first, so the one before it makes room.
    expect(await pending[1]).toEqual(tooMany)
    await vi.waitFor(() => expect(counts().introspection).toBe(1))
    clock.advanceSeconds(5)
    expect(await pending[2]).toEqual(tooMany)
    expect(await pending[0]).toEqual(
      authorizationError('ERR_PROVIDER_UNAVAILABLE', 'zitadel.example did not answer in time'),
    )
  })

  it('shares the renewal of an answer that is on its way', async () => {
    const { auth, zitadel, clock, counts } = setUp({})
    zitadel.tokens.set('of-ann', claimsAt(clock.now()))
    await auth.authenticate('Bearer of-ann')
    const gate = holdAll(zitadel)
    clock.advanceSeconds(24)
    await auth.authenticate('Bearer of-ann')
    await vi.waitFor(() => expect(counts().introspection).toBe(2))
    clock.advanceSeconds(4)
    await auth.authenticate('Bearer of-ann')
    clock.advanceSeconds(0.9)
    const late = auth.authenticate('Bearer of-ann')
    gate.resolve()
    await late
    expect(counts().introspection).toBe(2)
  })
})

describe('renewals that fail', () => {
  /** Uses an answer in the last tenth of a second of its time, until so many renewals of it have failed. */
  async function failToRenew(times: number, headers = {}) {
    const made = setUp({})
    const { auth, zitadel, clock } = made
    zitadel.tokens.set('of-ann', claimsAt(clock.now()))
    const use = async () => (await auth.authenticate('Bearer of-ann')).userId
    await use()
    clock.advanceSeconds(29.9)
    const failed = vi.fn()
    subscribe('@org/zitadel-auth:upstream', failed)
    onTestFinished(() => void unsubscribe('@org/zitadel-auth:upstream', failed))
    const answer = zitadel.introspect.getMockImplementation() as () => Response
    zitadel.introspect.mockImplementation(() => new HttpResponse(null, { status: 500, headers }))
    const untilFailed = async () => {
      expect(await use()).toBe('ann')
      expect(failed).toHaveBeenCalledTimes(times)
    }
    await vi.waitFor(untilFailed, { interval: 1 })
    zitadel.introspect.mockImplementation(answer)
    return { ...made, use }
  }

  it('are no more than five in a row', async () => {
    const { use, counts } = await failToRenew(5)
    for (let times = 0; times < 20; times += 1) expect(await use()).toBe('ann')
    expect(counts().introspection).toBe(1 + 5)
  })

  it('keep no request from asking when the answer is too old', async () => {
    const { use, clock } = await failToRenew(5)
    clock.advanceSeconds(0.1)
    expect(await use()).toBe('ann')
  })

  it('keep requests from asking for as long as a Retry-After says', async () => {
    const { use, clock } = await failToRenew(1, { 'Retry-After': '7' })
    clock.advanceSeconds(6.9)
    await expect(use()).rejects.toMatchObject({ code: 'ERR_PROVIDER_UNAVAILABLE', retryAfterSeconds: 1 })
    clock.advanceSeconds(0.1)
    expect(await use()).toBe('ann')
  })
})

describe('answers that are none', () => {
  const tokens = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `Bearer of-${name}`)

  it('keep no other token from being asked about where somebody has tokens whose answers are too long', async () => {
    const { auth, zitadel, clock } = setUp({ maxResponseBytes: 1_000 })
    zitadel.introspect.mockImplementation(() => HttpResponse.json({ active: true, padding: 'x'.repeat(1_000) }))
    for (const token of tokens) {
      await expect(auth.authenticate(token)).rejects.toThrow(
        authorizationError('ERR_PROVIDER_UNAVAILABLE', expect.stringContaining('the option maxResponseBytes')),
      )
    }
    zitadel.introspect.mockImplementation(() => HttpResponse.json({ active: true, ...claimsAt(clock.now()) }))
    expect((await auth.authenticate('Bearer of-ann')).userId).toBe('ann')
  })

  it('open the circuit of a token where it is the metadata that are too long', async () => {
    const { auth, zitadel, clock, counts } = setUp({ maxResponseBytes: 1_000 })
    const metadata = zitadel.discover.getMockImplementation() as () => Response
    zitadel.discover.mockImplementation(() => HttpResponse.json({ padding: 'x'.repeat(1_000) }))
    for (let times = 0; times < 20; times += 1) {
      await expect(auth.authenticate('Bearer of-ann')).rejects.toThrow(
        authorizationError('ERR_PROVIDER_UNAVAILABLE', expect.stringContaining('the option maxResponseBytes')),
      )
    }
    expect(counts().discovery).toBe(5)
    zitadel.discover.mockImplementation(metadata)
    zitadel.introspect.mockImplementation(() => HttpResponse.json({ active: true, ...claimsAt(clock.now()) }))
    clock.advanceSeconds(1)
    expect((await auth.authenticate('Bearer of-ann')).userId).toBe('ann')
  })

  it('keep all tokens from being asked about for as long as a 429 says', async () => {
    const { auth, zitadel, clock, counts } = setUp({})
    zitadel.introspect.mockImplementation(
      () => new HttpResponse(null, { status: 429, headers: { 'Retry-After': '30' } }),
    )
    for (const token of tokens) await outcomeOf(() => auth.authenticate(token))
    expect(counts().introspection).toBe(1)
    clock.advanceSeconds(30)
    zitadel.introspect.mockImplementation(() => HttpResponse.json({ active: true, ...claimsAt(clock.now()) }))
    expect((await auth.authenticate('Bearer of-ann')).userId).toBe('ann')
  })

  const doubted = authorizationError('ERR_PROVIDER_UNAVAILABLE', expect.stringContaining('it is not believed'))
  const inactive = authorizationError('ERR_TOKEN_INVALID', expect.stringContaining('not active'))
  for (const [what, keys, expected] of [
    ['fails to serve its keys', () => new HttpResponse(null, { status: 500 }), doubted],
    ['serves its keys', () => HttpResponse.json({ keys: [] }), inactive],
    ['does not have them there', () => new HttpResponse(null, { status: 404 }), inactive],
    ['is busy', () => new HttpResponse(null, { status: 429 }), inactive],
    ['cannot be reached for them', () => HttpResponse.error(), inactive],
  ] as const) {
    it(`are those of a ZITADEL that takes a good token for inactive and ${what}: ${expected === doubted}`, async () => {
      const { auth, zitadel, publish, clock } = setUp({})
      zitadel.tokens.set('of-ann', claimsAt(clock.now()))
      await auth.authenticate('Bearer of-ann')
      publish.mockImplementation(keys)
      zitadel.tokens.clear()
      clock.advanceSeconds(30)
      await expect(auth.authenticate('Bearer of-ann')).rejects.toThrow(expected)
    })
  }

  it('are those of a ZITADEL that takes five tokens in a row for inactive and fails to serve its keys', async () => {
    const { auth, publish, counts } = setUp({})
    publish.mockImplementation(() => new HttpResponse(null, { status: 500 }))
    const outcomes: unknown[] = []
    for (const token of tokens) outcomes.push(await outcomeOf(() => auth.authenticate(token)))
    expect(outcomes).toEqual([inactive, inactive, inactive, inactive, doubted, doubted])
    expect(counts().keys).toBe(1)
  })

  it('are no reason to doubt where a ZITADEL names no address of keys', async () => {
    const { auth, zitadel, counts } = setUp({})
    zitadel.discover.mockImplementation(() =>
      HttpResponse.json({ issuer, introspection_endpoint: introspectionEndpoint }),
    )
    for (const token of tokens) await expect(auth.authenticate(token)).rejects.toThrow(inactive)
    expect(counts().keys).toBe(0)
  })
})

describe('forget', () => {
  const targets = [{ userId: 'ann' }, { tokenId: 'V2_1-at_2' }, { sessionId: 'V2_1' }] as const
  for (const target of targets) {
    it(`has a JWT refused in jwt until its client has a new one: ${JSON.stringify(target)}`, async () => {
      const { auth, clock } = setUp({ verification: 'jwt', projectId })
      const token = await key.sign({ ...claimsAt(clock.now()), jti: 'V2_1-at_2' })
      await auth.authenticate(`Bearer ${token}`)
      auth.forget(target)
      await expect(auth.authenticate(`Bearer ${token}`)).rejects.toMatchObject({ code: 'ERR_TOKEN_INVALID' })
      clock.advanceSeconds(6)
      const newer = await key.sign({ ...claimsAt(clock.now()), jti: 'V2_1-at_3' })
      expect((await auth.authenticate(`Bearer ${newer}`)).userId).toBe('ann')
    })

    it(`has ZITADEL asked about a JWT in auto: ${JSON.stringify(target)}`, async () => {
      const { auth, zitadel, clock, counts } = setUp({ verification: 'auto', projectId })
      const token = await key.sign({ ...claimsAt(clock.now()), jti: 'V2_1-at_2' })
      await auth.authenticate(`Bearer ${token}`)
      expect(counts().introspection).toBe(0)
      auth.forget(target)
      await expect(auth.authenticate(`Bearer ${token}`)).rejects.toMatchObject({ code: 'ERR_TOKEN_INVALID' })
      zitadel.tokens.set(token, claimsAt(clock.now()))
      expect((await auth.authenticate(`Bearer ${token}`)).verifiedBy).toBe('introspection')
    })
  }
})

describe('a key that ZITADEL has deleted', () => {
  it('ends the trust in a remembered JWT as soon as the new keys are there', async () => {
    const { auth, publish, clock } = setUp({ verification: 'jwt', projectId })
    const token = await key.sign(claimsAt(clock.now()))
    await auth.authenticate(`Bearer ${token}`)
    const another = await generateSigningKey('ES256', 'another')
    publish.mockImplementation(() => HttpResponse.json({ keys: [another.publicJwk] }))
    clock.advanceSeconds(300)
    await auth.authenticate(`Bearer ${token}`)
    await vi.waitFor(() =>
      expect(auth.authenticate(`Bearer ${token}`)).rejects.toMatchObject({ code: 'ERR_TOKEN_INVALID' }),
    )
  })
})
