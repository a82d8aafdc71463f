import { describe, expect, it, vi } from 'vitest'
import { createClaims, toToken } from '../../test/contexts.js'
import { outcomeOf } from '../../test/expected-errors.js'
import { createManualClock } from '../../test/manual-clock.js'
import { encode } from '../../test/signing-keys.js'
import { AuthorizationError } from '../errors/authorization-error.js'
import { createKeySet } from '../provider/key-set.js'
import { createAsking } from './asking.js'
import { createVerifierByKind } from './by-kind.js'
import { createCachedVerifier } from './cached.js'
import type { JwtVerifier } from './jwt/jwt-verifier.js'
import { readVerifiedClaims } from './read-claims.js'
import type { TokenVerifier } from './verifier.js'

const header = { alg: 'RS256', kid: 'key-1', typ: 'JWT' }
const jwt = toToken(`${encode(header)}.${encode({ sub: 'ann' })}.c2ln`)
const opaque = toToken(`${encode({ alg: 'A256GCMKW', enc: 'A256GCM' })}.a.b.c.d`)

const asking = createAsking('key', 'new', false)

const rolesIn = (projectId: string, role: string) => ({
  [`urn:zitadel:iam:org:project:${projectId}:roles`]: { [role]: { org1: 'one.example' } },
})

function setUp(revocationCheckSeconds?: number) {
  const clock = createManualClock()
  const exp = clock.now() / 1_000 + 86_400
  const signed = readVerifiedClaims(
    { sub: 'ann', aud: ['own'], exp, ...rolesIn('own', 'signed'), ...rolesIn('other', 'elsewhere') },
    { verifiedBy: 'jwt', projectId: 'own' },
  )
  const current = createClaims({ sub: 'ann', aud: ['own'], exp, ...rolesIn('own', 'current') }, 'own')
  const verifyJwt = vi.fn<JwtVerifier>(async () => signed)
  const introspect = vi.fn<TokenVerifier>(async () => current)
  const byKind = createVerifierByKind(verifyJwt, introspect, { projectId: 'own', revocationCheckSeconds })
  const cached = createCachedVerifier(byKind.verify, {
    ask: byKind.ask,
    cache: { ttlSeconds: 30, maxEntries: 100, staleIfErrorSeconds: 0 },
    requireAcceptable: () => {},
    publish: () => {},
    clock,
  })
  const counts = () => ({ jwt: verifyJwt.mock.calls.length, introspection: introspect.mock.calls.length })
  return { ...byKind, cached, clock, verifyJwt, introspect, signed, current, counts }
}

const invalid = () => new AuthorizationError('ERR_TOKEN_INVALID', 'not good')

describe('createVerifierByKind', () => {
  it('verifies a JWT by its signature, and asks nobody', async () => {
    const { verify, verifyJwt, signed, counts } = setUp()
    expect(await verify(jwt, asking)).toBe(signed)
    expect(verifyJwt.mock.calls).toEqual([[jwt, { unverifiedHeader: header, encodedPayload: encode({ sub: 'ann' }) }]])
    expect(counts()).toEqual({ jwt: 1, introspection: 0 })
  })

  for (const [what, token] of [
    ['an opaque token of five segments that starts like a JWT', opaque],
    ['an opaque token without dots', toToken('token-of-ann')],
    ['three segments without alg', toToken(`${encode({ typ: 'JWT' })}.a.b`)],
    ['three segments that are encrypted', toToken(`${encode({ alg: 'dir', enc: 'A256GCM' })}.a.b`)],
  ] as const) {
    it(`asks ZITADEL about ${what}`, async () => {
      const { verify, introspect, current, counts } = setUp()
      expect(await verify(token, asking)).toBe(current)
      expect(introspect.mock.calls).toEqual([[token, asking]])
      expect(counts()).toEqual({ jwt: 0, introspection: 1 })
    })
  }

  it('does not ask about a JWT that does not verify', async () => {
    for (const revocationCheckSeconds of [undefined, 60]) {
      const { verify, ask, verifyJwt, counts } = setUp(revocationCheckSeconds)
      const refusal = invalid()
      verifyJwt.mockRejectedValue(refusal)
      await expect(verify(jwt, asking)).rejects.toBe(refusal)
      await expect(ask(jwt, asking)).rejects.toBe(refusal)
      expect(counts()).toEqual({ jwt: 2, introspection: 0 })
    }
  })

  it('asks about a JWT where ZITADEL alone can tell', async () => {
    const { ask, counts } = setUp()
    expect(await ask(jwt, asking)).toMatchObject({ verifiedBy: 'introspection', roles: { current: {} } })
    expect(counts()).toEqual({ jwt: 1, introspection: 1 })
  })

  it('keeps the roles that a JWT names in other projects: ZITADEL answers for the own one alone', async () => {
    const { ask } = setUp()
    expect((await ask(jwt, asking)).rolesByProject).toEqual({
      own: { current: { org1: 'one.example' } },
      other: { elsewhere: { org1: 'one.example' } },
    })
  })

  it('keeps no role of the own project that ZITADEL no longer grants', async () => {
    const { ask, introspect } = setUp()
    introspect.mockResolvedValueOnce(createClaims({}, 'own'))
    const { roles, rolesByProject } = await ask(jwt, asking)
    expect(roles).toEqual({})
    expect(Object.keys(rolesByProject)).toEqual(['other'])
  })
})

describe('a JWT whose key nobody may ask for now', () => {
  /** What a key set throws that has been asked for too many unknown keys. */
  async function createKeyUnknown(): Promise<unknown> {
    const clock = createManualClock()
    const keys = createKeySet({
      discover: async () => ({ jwksUri: new URL('https://zitadel.example/keys') }),
      fetchJson: async () => ({ status: 200, body: { keys: [published] }, cacheControl: null, clockAheadSeconds: 0 }),
      headers: {},
      clock,
      publish: () => {},
      initial: undefined,
    })
    for (const _ of [1, 2, 3, 4]) await keys.find('unknown', 'ES256')
    return outcomeOf(() => keys.find('unknown', 'ES256'))
  }
  const published = { kty: 'OKP', crv: 'Ed25519', x: 'AAAA', kid: 'a', alg: 'EdDSA' }

  for (const revocationCheckSeconds of [undefined, 60]) {
    it(`is a question to ZITADEL, revocationCheckSeconds: ${revocationCheckSeconds}`, async () => {
      const { verify, ask, verifyJwt, current, counts } = setUp(revocationCheckSeconds)
      const failure = await createKeyUnknown()
      verifyJwt.mockRejectedValue(failure)
      expect([await verify(jwt, asking), await ask(jwt, asking)]).toEqual([current, current])
      expect(counts()).toEqual({ jwt: 2, introspection: 2 })
    })
  }

  it('is not asked about where ZITADEL does not serve its keys', async () => {
    const { verify, verifyJwt, counts } = setUp()
    verifyJwt.mockRejectedValue(new AuthorizationError('ERR_PROVIDER_UNAVAILABLE', 'down'))
    await expect(verify(jwt, asking)).rejects.toMatchObject({ reason: 'down' })
    expect(counts()).toEqual({ jwt: 1, introspection: 0 })
  })
})

describe('revocationCheckSeconds', () => {
  it('is for how long an answer about a JWT of another process will do, and not one about another token', async () => {
    const { verify } = setUp(60)
    const [ofJwt, ofOpaque] = [createAsking('1', 'new', false), createAsking('2', 'new', false)]
    await verify(jwt, ofJwt)
    await verify(opaque, ofOpaque)
    expect([ofJwt.reuseSeconds, ofOpaque.reuseSeconds]).toEqual([60, undefined])
  })

  it('asks about a good JWT once, and again after so many seconds', async () => {
    const { cached, clock, counts } = setUp(60)
    await cached.verify(jwt)
    clock.advanceSeconds(47.999)
    expect(await cached.verify(jwt)).toMatchObject({ isCurrent: false })
    expect(counts()).toEqual({ jwt: 1, introspection: 1 })
    clock.advanceSeconds(12.001)
    expect(await cached.verify(jwt)).toMatchObject({ isCurrent: true })
    expect(counts()).toEqual({ jwt: 2, introspection: 2 })
  })

  it('refuses a JWT that was revoked when it asks again', async () => {
    const { cached, clock, introspect } = setUp(10)
    await cached.verify(jwt)
    introspect.mockRejectedValue(invalid())
    clock.advanceSeconds(9.999)
    await cached.verify(jwt)
    clock.advanceSeconds(0.001)
    await expect(cached.verify(jwt)).rejects.toMatchObject({ code: 'ERR_TOKEN_INVALID' })
  })

  it('counts for the answer to a repeated question too', async () => {
    const { cached, clock, counts } = setUp(10)
    await cached.verify(jwt)
    await cached.verifyAgain(jwt, cached.begin())
    clock.advanceSeconds(10)
    expect(await cached.verify(jwt)).toMatchObject({ isCurrent: true })
    expect(counts().introspection).toBe(3)
  })

  it('leaves opaque tokens to the time of the cache', async () => {
    const { cached, clock, counts } = setUp(600)
    await cached.verify(opaque)
    clock.advanceSeconds(30)
    await cached.verify(opaque)
    expect(counts()).toEqual({ jwt: 0, introspection: 2 })
  })

  it('gives what ZITADEL says now, and nobody can change it', async () => {
    const { verify } = setUp(60)
    const claims = await verify(jwt, asking)
    expect(claims).toMatchObject({ verifiedBy: 'introspection', roles: { current: {} }, reuseSeconds: 60 })
    expect([Object.isFrozen(claims), Object.isFrozen(claims.rolesByProject)]).toEqual([true, true])
  })

  it('leaves the time of an answer to the cache when it is not asked for', async () =>
    expect(await setUp().ask(jwt, asking)).not.toHaveProperty('reuseSeconds'))

  it('cannot decide while ZITADEL does not answer', async () => {
    const { verify, introspect } = setUp(60)
    const failure = new AuthorizationError('ERR_PROVIDER_UNAVAILABLE', 'down')
    introspect.mockRejectedValueOnce(failure)
    await expect(verify(jwt, asking)).rejects.toBe(failure)
  })
})
