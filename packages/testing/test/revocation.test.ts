import { afterAll, beforeAll, expect, it } from 'vitest'
import { ASSERTION_TYPE, type Fixture, readJson, startFixture, toBasic } from './support/fixture.js'

let fixture: Fixture
beforeAll(async () => {
  fixture = await startFixture()
})
afterAll(() => fixture.zitadel.close())

const issue = (type: 'opaque' | 'jwt') =>
  fixture.zitadel.issueAccessToken(fixture.user, { type, audience: [fixture.project.id] })
const revoke = (form: Record<string, string>, headers = toBasic(fixture.basic.clientId, fixture.basic.clientSecret)) =>
  fixture.post('/oauth/v2/revoke', form, headers)

for (const type of ['opaque', 'jwt'] as const) {
  it(`makes an access token inactive that is ${type}`, async () => {
    const token = issue(type)
    const before = await fixture.introspect(token)
    const { status } = await revoke({ token })

    expect(before).toMatchObject({ active: true })
    expect(status).toBe(200)
    expect(await fixture.introspect(token)).toEqual({ active: false })
  })
}

it('leaves other tokens alone', async () => {
  const token = issue('opaque')
  await revoke({ token: issue('opaque') })

  expect(await fixture.introspect(token)).toMatchObject({ active: true })
})

it('leaves personal access tokens alone', async () => {
  const token = fixture.zitadel.createPersonalAccessToken(fixture.user)
  const { status } = await revoke({ token })

  expect(status).toBe(200)
  expect(await fixture.introspect(token)).toMatchObject({ active: true })
})

it('does not mind a token it does not know', async () => {
  expect((await revoke({ token: 'garbage' })).status).toBe(200)
})

it('accepts a client with a private key', async () => {
  const form = { client_assertion: await fixture.sign(), client_assertion_type: ASSERTION_TYPE }
  const response = await fixture.post('/oauth/v2/revoke', { token: issue('opaque'), ...form })

  expect(response.status).toBe(200)
})

it('accepts a public client that names itself', async () => {
  const { clientId } = fixture.zitadel.createWebApplication(fixture.project)
  const response = await fixture.post('/oauth/v2/revoke', { token: issue('opaque'), client_id: clientId })

  expect(response.status).toBe(200)
})

it('refuses a client that only names itself although it could prove who it is', async () => {
  const form = { token: issue('opaque'), client_id: fixture.basic.clientId }

  expect(await readJson(await fixture.post('/oauth/v2/revoke', form))).toEqual({
    status: 400,
    body: { error: 'invalid_client', error_description: 'client must be authenticated' },
  })
})

it('refuses a wrong secret', async () => {
  const response = await revoke({ token: issue('opaque') }, toBasic(fixture.basic.clientId, 'wrong'))

  expect(await readJson(response)).toEqual({ status: 400, body: { error: 'unauthorized_client' } })
})

it('refuses what is no assertion', async () => {
  const form = { token: 'x', client_assertion: 'x', client_assertion_type: ASSERTION_TYPE }

  expect(await readJson(await fixture.post('/oauth/v2/revoke', form))).toEqual({
    status: 400,
    body: { error: 'invalid_client' },
  })
})

it('refuses a request without a token', async () => {
  expect(await readJson(await revoke({}))).toEqual({
    status: 400,
    body: { error: 'invalid_request', error_description: 'token missing' },
  })
})
