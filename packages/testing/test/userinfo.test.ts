import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Fixture, readJson, startFixture } from './support/fixture.js'

let fixture: Fixture
beforeAll(async () => {
  fixture = await startFixture()
})
afterAll(() => fixture.zitadel.close())

const ask = (token: string) =>
  fetch(`${fixture.zitadel.issuer}/oidc/v1/userinfo`, { headers: { authorization: `Bearer ${token}` } })

it('tells about the user what the scopes ask for, whatever the audience', async () => {
  const human = fixture.zitadel.createHumanUser({ userName: 'david', email: 'david@example.com' })
  const token = fixture.zitadel.issueAccessToken(human, { scopes: ['openid', 'email'] })

  expect(await readJson(await ask(token))).toEqual({ status: 200, body: { sub: human.id, email: 'david@example.com' } })
})

it('tells the roles that are asked for', async () => {
  const { zitadel, project, user } = fixture
  zitadel.createRole(project, 'admin')
  zitadel.grantRole(user, { project, role: 'admin' })
  const scopes = [`urn:zitadel:iam:org:project:id:${project.id}:aud`, 'urn:zitadel:iam:org:projects:roles']
  const { body } = await readJson(await ask(zitadel.issueAccessToken(user, { scopes })))

  expect(body).toHaveProperty([`urn:zitadel:iam:org:project:${project.id}:roles`, 'admin'])
})

it('refuses a token that is not active', async () => {
  expect((await ask('garbage')).status).toBe(401)
})
