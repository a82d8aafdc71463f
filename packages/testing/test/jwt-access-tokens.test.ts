import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AccessTokenOptions, HumanUser, ProjectOptions } from '../src/index.js'
import { type Fixture, startFixture } from './support/fixture.js'

const PROJECTS_ROLES = 'urn:zitadel:iam:org:projects:roles'

let fixture: Fixture
let audienceScope: string
let human: HumanUser
beforeAll(async () => {
  fixture = await startFixture()
  audienceScope = `urn:zitadel:iam:org:project:id:${fixture.project.id}:aud`
  human = fixture.zitadel.createHumanUser({ userName: 'david', email: 'david@example.com' })
  fixture.zitadel.createRole(fixture.project, 'admin')
  fixture.zitadel.createRole(fixture.project, 'editor')
  fixture.zitadel.grantRole(fixture.user, { project: fixture.project, roles: ['admin', 'editor'] })
})
afterAll(() => fixture.zitadel.close())

const issue = (options: AccessTokenOptions = {}) =>
  fixture.zitadel.issueAccessToken(fixture.user, { type: 'jwt', ...options })
const rolesOf = (token: string) => Object.entries(decodeJwt(token)).filter(([name]) => name.endsWith('roles'))

describe('a JWT access token', () => {
  it('has the header of every JWT of ZITADEL', () => {
    const [{ keyId = '' } = {}] = fixture.zitadel.listKeys()

    expect(decodeProtectedHeader(issue())).toEqual({ alg: 'RS256', kid: keyId, typ: 'JWT' })
  })

  it('has no scope, no azp, no login and no profile', () => {
    const token = fixture.zitadel.issueAccessToken(human, {
      type: 'jwt',
      scopes: ['openid', 'profile', 'email', audienceScope],
      authenticationMethods: ['pwd'],
    })
    const now = fixture.nowSeconds()

    expect(decodeJwt(token)).toEqual({
      iss: fixture.zitadel.issuer,
      sub: human.id,
      aud: [fixture.project.id],
      exp: now + 43_200,
      iat: now,
      nbf: now,
      client_id: expect.stringMatching(/^\d{18}$/),
      jti: expect.stringMatching(/^V2_\d{18}-at_\d{18}$/),
    })
  })

  it('has the client for its audience when there is no other', () => {
    expect(decodeJwt(issue()).aud).toEqual(['tasks-client'])
  })

  it('has the reserved claims its scopes ask for', () => {
    const token = issue({ scopes: ['urn:zitadel:iam:user:resourceowner'] })

    expect(decodeJwt(token)).toHaveProperty(['urn:zitadel:iam:user:resourceowner:id'], fixture.zitadel.organization.id)
  })

  it('has who acts in whose name', () => {
    expect(decodeJwt(issue({ actor: human }))).toHaveProperty('act', { iss: fixture.zitadel.issuer, sub: human.id })
  })

  it('has the claims of Actions, a scope among them, where ZITADEL sets none', () => {
    const claims = { scope: 'admin', roles: ['admin'], sub: 'x' }

    expect(decodeJwt(issue({ claims }))).toMatchObject({ scope: 'admin', roles: ['admin'], sub: fixture.user.id })
  })

  it('can be introspected', async () => {
    const token = issue({ scopes: ['openid', audienceScope] })

    expect(await fixture.introspect(token)).toMatchObject({
      active: true,
      jti: decodeJwt(token).jti,
      scope: `openid ${audienceScope}`,
    })
  })

  it('is what a service account with that setting gets', () => {
    const user = fixture.zitadel.createServiceUser({ userName: 'jwt-client', accessTokenType: 'jwt' })

    expect(fixture.zitadel.issueAccessToken(user).split('.')).toHaveLength(3)
  })

  for (const algorithm of ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512', 'EdDSA'] as const) {
    it(`can be verified by the published keys when signed with ${algorithm}`, async () => {
      const { keyId } = fixture.zitadel.rotateKeys({ algorithm })
      const keys = createRemoteJWKSet(new URL(`${fixture.zitadel.issuer}/oauth/v2/keys`))
      const currentDate = new Date(fixture.nowSeconds() * 1_000)
      const { protectedHeader } = await jwtVerify(issue(), keys, { issuer: fixture.zitadel.issuer, currentDate })

      expect(protectedHeader).toEqual({ alg: algorithm, kid: keyId, typ: 'JWT' })
      expect(await fixture.introspect(issue({ scopes: [audienceScope] }))).toMatchObject({ active: true })
    })
  }
})

describe("the roles of a service account's JWT", () => {
  const own = () => `urn:zitadel:iam:org:project:${fixture.project.id}:roles`
  const home = () => ({ [fixture.zitadel.organization.id]: 'zitadel.localhost' })

  it('need both scopes, and are under the claim with the project id alone', () => {
    const token = issue({ scopes: [audienceScope, PROJECTS_ROLES] })

    expect(rolesOf(token)).toEqual([[own(), { admin: home(), editor: home() }]])
  })

  it('can be asked for by name', () => {
    const token = issue({ scopes: [audienceScope, 'urn:zitadel:iam:org:project:role:editor'] })

    expect(rolesOf(token)).toEqual([[own(), { editor: home() }]])
  })

  it('are absent without the scope for roles', () => {
    expect(rolesOf(issue({ scopes: [audienceScope] }))).toEqual([])
  })

  it('are absent without the scope for the audience', () => {
    expect(rolesOf(issue({ scopes: [PROJECTS_ROLES] }))).toEqual([])
  })
})

describe("the roles of a person's JWT", () => {
  const issueFor = ({
    accessTokenRoleAssertion,
    scopes,
    ...options
  }: Omit<ProjectOptions, 'name'> & {
    accessTokenRoleAssertion?: boolean
    scopes?: string[]
  }) => {
    const project = fixture.zitadel.createProject({ name: 'web', ...options })
    fixture.zitadel.createRole(project, 'reader')
    fixture.zitadel.grantRole(human, { project, role: 'reader' })
    const { clientId } = fixture.zitadel.createWebApplication(project, {
      ...(accessTokenRoleAssertion && { accessTokenRoleAssertion }),
    })
    const token = fixture.zitadel.issueAccessToken(human, { type: 'jwt', clientId, ...(scopes && { scopes }) })
    return rolesOf(token).map(([name]) => name.replace(project.id, 'OWN').replace(fixture.project.id, 'API'))
  }
  const both = ['urn:zitadel:iam:org:project:roles', 'urn:zitadel:iam:org:project:OWN:roles']

  it('are asserted when the application and the project say so', () => {
    expect(issueFor({ accessTokenRoleAssertion: true, roleAssertion: true })).toEqual(both)
  })

  it('are asserted when the application says so and a scope names a role', () => {
    const scopes = ['urn:zitadel:iam:org:project:role:reader']

    expect(issueFor({ accessTokenRoleAssertion: true, scopes })).toEqual(both)
  })

  it("are, beside the application's own, those of the project asked for", () => {
    fixture.zitadel.grantRole(human, { project: fixture.project, role: 'admin' })

    expect(issueFor({ accessTokenRoleAssertion: true, scopes: [audienceScope, PROJECTS_ROLES] })).toEqual([
      'urn:zitadel:iam:org:project:roles',
      'urn:zitadel:iam:org:project:API:roles',
      'urn:zitadel:iam:org:project:OWN:roles',
    ])
  })

  it('are absent when only the application says so', () => {
    expect(issueFor({ accessTokenRoleAssertion: true })).toEqual([])
  })

  it('are absent when only the project says so', () => {
    expect(issueFor({ roleAssertion: true, scopes: [audienceScope, PROJECTS_ROLES] })).toEqual([])
  })
})

describe('an ID token', () => {
  const roles = [PROJECTS_ROLES, 'urn:zitadel:iam:org:project:role:editor']

  it('is signed like an access token and has other claims', () => {
    const accessToken = issue()
    const token = fixture.zitadel.issueIdToken(human, {
      scopes: ['openid', 'profile', 'email'],
      clientId: fixture.application.clientId,
      authenticationMethods: ['pwd'],
      nonce: 'n',
      accessToken,
    })
    const { application, basic, project } = fixture
    const claims = decodeJwt(token)

    expect(decodeProtectedHeader(token)['typ']).toBe('JWT')
    expect(claims).toMatchObject({
      iss: fixture.zitadel.issuer,
      sub: human.id,
      aud: [application.clientId, basic.clientId, project.id],
      azp: application.clientId,
      client_id: application.clientId,
      auth_time: fixture.nowSeconds(),
      amr: ['pwd'],
      nonce: 'n',
      at_hash: expect.any(String),
      sid: expect.any(String),
    })
    expect(claims).not.toHaveProperty('jti')
    expect(claims).not.toHaveProperty('nbf')
  })

  for (const [name, idTokenUserinfoAssertion, expected] of [
    ['has no profile and no email address', false, undefined],
    ['has them where the application says "User Info inside ID Token"', true, 'david@example.com'],
  ] as const) {
    it(name, () => {
      const { clientId } = fixture.zitadel.createWebApplication(fixture.project, { idTokenUserinfoAssertion })
      const token = fixture.zitadel.issueIdToken(human, { scopes: ['openid', 'profile', 'email'], clientId })

      expect(decodeJwt(token)['email']).toBe(expected)
      expect('name' in decodeJwt(token)).toBe(idTokenUserinfoAssertion)
    })
  }

  it('of a service account has its name last in the audience, no session, no profile and the roles asked for', () => {
    const scopes = ['openid', 'profile', audienceScope, ...roles]
    const token = fixture.zitadel.issueIdToken(fixture.user, { scopes })
    const now = fixture.nowSeconds()

    expect(decodeJwt(token)).toEqual({
      iss: fixture.zitadel.issuer,
      sub: fixture.user.id,
      aud: [fixture.project.id, 'tasks-client'],
      azp: 'tasks-client',
      client_id: 'tasks-client',
      iat: now,
      exp: now + 43_200,
      auth_time: now,
      [`urn:zitadel:iam:org:project:${fixture.project.id}:roles`]: {
        editor: { [fixture.zitadel.organization.id]: 'zitadel.localhost' },
      },
    })
  })

  it('of a person has the roles asked for', () => {
    fixture.zitadel.grantRole(human, { project: fixture.project, role: 'editor' })
    const { clientId } = fixture.zitadel.createWebApplication(fixture.project)

    expect(
      rolesOf(fixture.zitadel.issueIdToken(human, { clientId, scopes: ['openid', audienceScope, ...roles] })),
    ).toEqual([
      ['urn:zitadel:iam:org:project:roles', expect.anything()],
      [`urn:zitadel:iam:org:project:${fixture.project.id}:roles`, expect.anything()],
    ])
  })

  it('has the half hash of its access token', async () => {
    fixture.zitadel.rotateKeys()
    const token = fixture.zitadel.issueIdToken(human, { accessToken: 'jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y' })

    // The value of OpenID Connect Core, appendix A.3.
    expect(decodeJwt(token)).toHaveProperty('at_hash', '77QmUPtjPfzWtF2AnpK9RQ')
  })
})

describe('a logout token', () => {
  it('has the event, the session and no nonce', () => {
    const token = fixture.zitadel.issueLogoutToken(human, { clientId: 'web', sessionId: 's' })
    const now = fixture.nowSeconds()

    expect(decodeProtectedHeader(token)['typ']).toBe('JWT')
    expect(decodeJwt(token)).toEqual({
      iss: fixture.zitadel.issuer,
      sub: human.id,
      aud: ['web'],
      iat: now,
      exp: now + 900,
      jti: expect.any(String),
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
      sid: 's',
    })
  })
})

describe('a web key', () => {
  it('cannot be deleted while it signs', () => {
    const { keyId } = fixture.zitadel.rotateKeys()

    expect(() => fixture.zitadel.deleteKey(keyId)).toThrow('the active key cannot be deleted: rotate the keys first')
  })

  it('is not published any more once it was deleted', () => {
    const { keyId } = fixture.zitadel.rotateKeys()
    fixture.zitadel.rotateKeys({ algorithm: 'ES256' })
    fixture.zitadel.deleteKey(keyId)

    expect(fixture.zitadel.listKeys().map((key) => key.keyId)).not.toContain(keyId)
  })
})
