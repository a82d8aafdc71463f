import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { HumanUser } from '../src/index.js'
import { type Fixture, startFixture } from './support/fixture.js'

let fixture: Fixture
let audienceScope: string
let human: HumanUser
beforeAll(async () => {
  fixture = await startFixture()
  audienceScope = `urn:zitadel:iam:org:project:id:${fixture.project.id}:aud`
  human = fixture.zitadel.createHumanUser({
    userName: 'david@dundermifflin.example',
    name: 'David Wallace',
    givenName: 'David',
    familyName: 'Wallace',
    locale: 'en',
    email: 'david.wallace@dundermifflin.example',
    emailVerified: true,
    phone: '+15550100',
    phoneVerified: false,
  })
})
afterAll(() => fixture.zitadel.close())

const ask = (token: string) => fixture.introspect(token)

describe('the answer about a service account', () => {
  it('has the registered claims and nothing else with the scope openid', async () => {
    const token = fixture.zitadel.issueAccessToken(fixture.user, { scopes: ['openid', audienceScope] })
    const now = fixture.nowSeconds()

    expect(await ask(token)).toEqual({
      active: true,
      scope: `openid ${audienceScope}`,
      client_id: 'tasks-client',
      token_type: 'Bearer',
      exp: now + 43_200,
      iat: now,
      nbf: now,
      auth_time: now,
      sub: fixture.user.id,
      aud: [fixture.project.id],
      iss: fixture.zitadel.issuer,
      jti: expect.stringMatching(/^V2_\d{18}-at_\d{18}$/),
    })
  })

  it('has only the names a service account has with the scope profile', async () => {
    const token = fixture.zitadel.issueAccessToken(fixture.user, { scopes: ['profile', 'email', audienceScope] })
    const answer = await ask(token)

    expect(answer).toMatchObject({
      username: 'tasks-client',
      preferred_username: 'tasks-client',
      name: 'tasks-client',
      updated_at: fixture.nowSeconds(),
    })
    expect(answer).not.toHaveProperty('given_name')
    expect(answer).not.toHaveProperty('locale')
    expect(answer).not.toHaveProperty('email')
  })
})

describe('the answer about a person', () => {
  const askWithScopes = (...scopes: string[]) =>
    ask(fixture.zitadel.issueAccessToken(human, { scopes: [...scopes, audienceScope] }))

  it('has no profile without its scope', async () => {
    const answer = await askWithScopes('openid')

    expect(answer).not.toHaveProperty('username')
    expect(answer).not.toHaveProperty('name')
    expect(answer).not.toHaveProperty('email')
  })

  it('has the profile with its scope', async () => {
    expect(await askWithScopes('profile')).toMatchObject({
      username: human.userName,
      preferred_username: human.userName,
      name: 'David Wallace',
      given_name: 'David',
      family_name: 'Wallace',
      locale: 'en',
      updated_at: fixture.nowSeconds(),
    })
  })

  it('has a null locale for a person without one', async () => {
    const somebody = fixture.zitadel.createHumanUser({ userName: 'somebody' })
    const token = fixture.zitadel.issueAccessToken(somebody, { scopes: ['profile', audienceScope] })

    expect(await ask(token)).toHaveProperty('locale', null)
  })

  it('has a verified email address with its scope', async () => {
    expect(await askWithScopes('email')).toMatchObject({ email: human.email, email_verified: true })
  })

  it('never says that something is not verified', async () => {
    const answer = await askWithScopes('phone')

    expect(answer).toHaveProperty('phone_number', '+15550100')
    expect(answer).not.toHaveProperty('phone_number_verified')
  })

  it('has how the person logged in', async () => {
    const options = { scopes: [audienceScope], authenticationMethods: ['user', 'mfa'] }
    const token = fixture.zitadel.issueAccessToken(human, options)

    expect(await ask(token)).toHaveProperty('amr', ['user', 'mfa'])
  })

  it('says which application the person logged in to, and has all of its project in the audience', async () => {
    const { clientId } = fixture.zitadel.createWebApplication(fixture.project)
    const answer = await ask(fixture.zitadel.issueAccessToken(human, { clientId }))

    expect(answer).toHaveProperty('client_id', clientId)
    expect(answer['aud']).toEqual([fixture.application.clientId, fixture.basic.clientId, clientId, fixture.project.id])
  })

  it('nests who acts in whose name', async () => {
    const options = { scopes: [audienceScope], actor: { id: fixture.user.id, actor: human } }
    const token = fixture.zitadel.issueAccessToken(human, options)
    const { issuer: iss } = fixture.zitadel

    expect(await ask(token)).toHaveProperty('act', { iss, sub: fixture.user.id, act: { iss, sub: human.id } })
  })
})

describe('the reserved claims', () => {
  const askWithScope = (scope: string) =>
    ask(fixture.zitadel.issueAccessToken(human, { scopes: [scope, audienceScope] }))
  const { resourceOwner, organizationId, domain, metadata } = {
    resourceOwner: 'urn:zitadel:iam:user:resourceowner',
    organizationId: 'urn:zitadel:iam:org:id',
    domain: 'urn:zitadel:iam:org:domain:primary',
    metadata: 'urn:zitadel:iam:user:metadata',
  }

  it('are absent without their scopes', async () => {
    expect(Object.keys(await askWithScope('openid')).filter((name) => name.startsWith('urn:'))).toEqual([])
  })

  it("tell the user's organization", async () => {
    expect(await askWithScope(resourceOwner)).toMatchObject({
      [`${resourceOwner}:id`]: fixture.zitadel.organization.id,
      [`${resourceOwner}:name`]: 'ZITADEL',
      [`${resourceOwner}:primary_domain`]: 'zitadel.localhost',
    })
  })

  it("tell the user's organization and the one asked for", async () => {
    const { id } = fixture.zitadel.organization

    expect(await askWithScope(`${organizationId}:${id}`)).toMatchObject({
      [organizationId]: id,
      [`${resourceOwner}:id`]: id,
    })
  })

  it('repeat the organization domain asked for', async () => {
    expect(await askWithScope(`${domain}:zitadel.localhost`)).toHaveProperty([domain], 'zitadel.localhost')
  })

  for (const [name, scope] of [
    ['organization', `${organizationId}:1`],
    ['organization domain', `${domain}:acme.example`],
  ] as const) {
    it(`have no ${name} that is not the user's, and neither has the scope`, async () => {
      expect(await askWithScope(scope)).toMatchObject({ scope: audienceScope })
      expect(Object.keys(await askWithScope(scope)).filter((claim) => claim.startsWith('urn:'))).toEqual([])
    })
  }

  it('have metadata as base64url without padding', async () => {
    fixture.zitadel.setMetadata(human, { plan: 'premium', symbols: '~~?' })
    fixture.zitadel.setMetadata(human, { ['__proto__']: 'x' })
    const answer = await askWithScope(metadata)

    expect(Object.entries(answer[metadata] as object)).toEqual([
      ['plan', 'cHJlbWl1bQ'],
      ['symbols', 'fn4_'],
      ['__proto__', 'eA'],
    ])
  })

  it('have no metadata for a user without any', async () => {
    const token = fixture.zitadel.issueAccessToken(fixture.user, { scopes: [metadata, audienceScope] })

    expect(await ask(token)).not.toHaveProperty([metadata])
  })
})

describe('the claims of Actions', () => {
  it('are added, and may fill what ZITADEL leaves empty', async () => {
    const claims = { plan: 'premium', amr: ['mfa'], email_verified: true }
    const token = fixture.zitadel.issueAccessToken(human, { scopes: [audienceScope], claims })

    expect(await ask(token)).toMatchObject(claims)
  })

  it('never replace what ZITADEL sets', async () => {
    const claims = { sub: 'x', iss: 'x', aud: 'x', exp: 1, client_id: 'x', jti: 'x', scope: 'x', active: false }
    const token = fixture.zitadel.issueAccessToken(human, { scopes: [audienceScope], claims })

    expect(await ask(token)).toMatchObject({
      active: true,
      sub: human.id,
      scope: audienceScope,
      aud: [fixture.project.id],
    })
  })

  it('cannot have a reserved name', () => {
    const claims = { 'urn:zitadel:iam:org:project:roles': { admin: {} } }

    expect(() => fixture.zitadel.issueAccessToken(human, { claims })).toThrow(
      new TypeError(
        'ZITADEL lets nobody add the claim "urn:zitadel:iam:org:project:roles": "urn:zitadel:iam" is reserved',
      ),
    )
  })

  it('can be logs of Actions', async () => {
    const claims = { 'urn:zitadel:iam:action:check:log': ['done'] }
    const token = fixture.zitadel.issueAccessToken(human, { scopes: [audienceScope], claims })

    expect(await ask(token)).toMatchObject(claims)
  })
})

describe('a token is inactive', () => {
  const inactive = { active: false }
  const issue = (options = {}) =>
    fixture.zitadel.issueAccessToken(fixture.user, { audience: [fixture.project.id], ...options })

  for (const [name, token] of [
    ['it is garbage', () => 'garbage'],
    ['it is an ID token', () => fixture.zitadel.issueIdToken(human, { audience: [fixture.project.id] })],
    ['it is a logout token', () => fixture.zitadel.issueLogoutToken(human, { clientId: fixture.basic.clientId })],
    ['its audience is empty', () => issue({ audience: [] })],
    ['its audience is another project', () => issue({ audience: [fixture.zitadel.createProject({ name: 'x' }).id] })],
    ['its audience is a sibling application', () => issue({ audience: [fixture.application.clientId] })],
    ['it has expired', () => issue({ expiresInSeconds: -1 })],
    ['it expires now', () => issue({ expiresInSeconds: 0 })],
    ['it is a JWT that has expired', () => issue({ type: 'jwt', expiresInSeconds: -1 })],
    ['it is cut short', () => issue().slice(0, -1)],
    ['it is a JWT with another signature', () => issue({ type: 'jwt' }).replace(/[^.]+$/, 'c2lnbmF0dXJl')],
  ] as const) {
    it(`when ${name}`, async () => {
      expect(await ask(token())).toEqual(inactive)
    })
  }

  it('when its audience is anything but the client or its project, for either is enough', async () => {
    expect(await ask(issue({ audience: [fixture.basic.clientId] }))).toMatchObject({ active: true })
    expect(await ask(issue({ audience: [fixture.project.id] }))).toMatchObject({ active: true })
  })

  it('from the second on in which it expires', async () => {
    const token = issue({ expiresInSeconds: 10 })
    fixture.advanceSeconds(9)
    const before = await ask(token)
    fixture.advanceSeconds(1)

    expect(before).toMatchObject({ active: true })
    expect(await ask(token)).toEqual(inactive)
  })

  it('when its user was deactivated', async () => {
    const user = fixture.zitadel.createServiceUser({ userName: 'leaver' })
    const token = fixture.zitadel.issueAccessToken(user, { audience: [fixture.project.id] })
    const before = await ask(token)
    fixture.zitadel.deactivateUser(user)

    expect(before).toMatchObject({ active: true })
    expect(await ask(token)).toEqual(inactive)
  })

  it('when the key that signed it was deleted before any token of it was introspected', async () => {
    const { keyId } = fixture.zitadel.rotateKeys({ algorithm: 'ES256' })
    const token = issue({ type: 'jwt' })
    fixture.zitadel.rotateKeys({ algorithm: 'ES256' })
    fixture.zitadel.deleteKey(keyId)

    expect(await ask(token)).toEqual(inactive)
  })

  it('a day after a token of its deleted key was last introspected, and not sooner', async () => {
    const { keyId } = fixture.zitadel.rotateKeys({ algorithm: 'ES256' })
    const token = issue({ type: 'jwt', expiresInSeconds: 1_000_000 })
    await ask(issue({ type: 'jwt' }))
    fixture.zitadel.rotateKeys({ algorithm: 'ES256' })
    fixture.zitadel.deleteKey(keyId)
    fixture.advanceSeconds(86_399)
    const before = await ask(token)
    fixture.advanceSeconds(86_400)

    expect(before).toMatchObject({ active: true })
    expect(await ask(token)).toEqual(inactive)
  })

  it('when a JWT comes from another instance', async () => {
    await using other = await startFixture().then(({ zitadel }) => zitadel)
    const user = other.createServiceUser({ userName: 'stranger' })

    expect(await ask(other.issueAccessToken(user, { type: 'jwt', audience: [fixture.project.id] }))).toEqual(inactive)
  })
})

describe('an opaque token', () => {
  it('looks like a JWE, and starts like a JWT', () => {
    const token = fixture.zitadel.issueAccessToken(fixture.user)
    const segments = token.split('.')
    const header = JSON.parse(Buffer.from(segments[0] ?? '', 'base64url').toString())

    expect(segments).toHaveLength(5)
    expect(token).toMatch(/^eyJhbGciOiJBMjU2R0NNS1ci[\w.-]+$/)
    expect(header).toMatchObject({ alg: 'A256GCMKW', enc: 'A256GCM' })
    expect(header).not.toHaveProperty('typ')
    expect(token.length).toBeGreaterThanOrEqual(255)
    expect(token.length).toBeLessThanOrEqual(290)
  })

  it('is never the same twice', () => {
    const tokens = Array.from({ length: 100 }, () => fixture.zitadel.issueAccessToken(fixture.user))

    expect(new Set(tokens).size).toBe(100)
  })
})
