import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Fixture, startFixture } from './support/fixture.js'

let fixture: Fixture
beforeAll(async () => {
  fixture = await startFixture()
})
afterAll(() => fixture.zitadel.close())

it('is answered with the scopes nobody chose, an audience that fits, and no client', async () => {
  const { zitadel, user, basic, project } = fixture
  const scope = 'openid profile urn:zitadel:iam:user:metadata urn:zitadel:iam:user:resourceowner'

  expect(await fixture.introspect(zitadel.createPersonalAccessToken(user))).toEqual({
    active: true,
    scope,
    token_type: 'Bearer',
    exp: 253_402_300_799,
    iat: fixture.nowSeconds(),
    nbf: fixture.nowSeconds(),
    sub: user.id,
    aud: [basic.clientId, project.id],
    iss: zitadel.issuer,
    jti: expect.stringMatching(/^\d{18}$/),
    username: 'tasks-client',
    preferred_username: 'tasks-client',
    name: 'tasks-client',
    updated_at: fixture.nowSeconds(),
    'urn:zitadel:iam:user:resourceowner:id': zitadel.organization.id,
    'urn:zitadel:iam:user:resourceowner:name': 'ZITADEL',
    'urn:zitadel:iam:user:resourceowner:primary_domain': 'zitadel.localhost',
  })
})

it('has every role of the project in its scope, and only granted ones in the roles claim', async () => {
  const { zitadel, user } = fixture
  const project = zitadel.createProject({ name: 'roles' })
  const api = zitadel.createApiApplication(project, { authMethod: 'basic' })
  zitadel.createRole(project, 'admin')
  zitadel.createRole(project, 'editor')
  zitadel.grantRole(user, { project, role: 'editor' })
  const answer = await fixture.introspect(zitadel.createPersonalAccessToken(user), api)

  expect(answer['scope']).toMatch(/ urn:zitadel:iam:org:project:role:admin urn:zitadel:iam:org:project:role:editor$/)
  expect(Object.keys(answer['urn:zitadel:iam:org:project:roles'] as object)).toEqual(['editor'])
})

it('is accepted by every API, whoever asks, and does not remember who has asked before', async () => {
  const { zitadel, user, basic, project } = fixture
  const other = zitadel.createApiApplication(zitadel.createProject({ name: 'other' }), { authMethod: 'basic' })
  const token = zitadel.createPersonalAccessToken(user)
  const byOther = await fixture.introspect(token, other)

  expect(byOther['aud']).toEqual([other.clientId, other.projectId])
  expect((await fixture.introspect(token))['aud']).toEqual([basic.clientId, project.id])
})

it('names its encryption key, as those of ZITADEL do, and so is longer', () => {
  const token = fixture.zitadel.createPersonalAccessToken(fixture.user)

  expect(JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString())).toHaveProperty('kid', 'oidcKey')
  expect(token.length).toBeGreaterThanOrEqual(277)
  expect(token.length).toBeLessThanOrEqual(310)
})

it('is inactive once it has expired', async () => {
  const expiresAt = new Date((fixture.nowSeconds() + 60) * 1_000)
  const token = fixture.zitadel.createPersonalAccessToken(fixture.user, { expiresAt })
  const before = await fixture.introspect(token)
  fixture.advanceSeconds(60)

  expect(before).toMatchObject({ active: true, exp: expiresAt.getTime() / 1_000 })
  expect(await fixture.introspect(token)).toEqual({ active: false })
})

it('is inactive once it was removed', async () => {
  const token = fixture.zitadel.createPersonalAccessToken(fixture.user)
  fixture.zitadel.removePersonalAccessToken(token)

  expect(await fixture.introspect(token)).toEqual({ active: false })
})
