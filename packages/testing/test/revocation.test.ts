import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ConfidentialWebApplication } from '../src/index.js'
import { ASSERTION_TYPE, type Fixture, readJson, startFixture, toBasic } from './support/fixture.js'

let fixture: Fixture
let web: ConfidentialWebApplication
beforeAll(async () => {
  fixture = await startFixture()
  web = fixture.zitadel.createWebApplication(fixture.project, { authMethod: 'basic' })
})
afterAll(() => fixture.zitadel.close())

const issue = (type: 'opaque' | 'jwt' = 'opaque', audience = [web.clientId, fixture.project.id]) =>
  fixture.zitadel.issueAccessToken(fixture.user, { type, audience })
const revoke = (
  form: Record<string, string>,
  headers: Record<string, string> = toBasic(web.clientId, web.clientSecret),
) => fixture.post('/oauth/v2/revoke', form, headers)
const refused = (description: string, status = 400) => ({
  status,
  body: { error: 'invalid_client', error_description: description },
})

describe('the revocation endpoint, asked by a web application', () => {
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
    const token = issue()
    await revoke({ token: issue() })

    expect(await fixture.introspect(token)).toMatchObject({ active: true })
  })

  it('does not mind a token it does not know', async () => {
    expect((await revoke({ token: 'garbage' })).status).toBe(200)
  })

  it('accepts a public application that names itself', async () => {
    const { clientId } = fixture.zitadel.createWebApplication(fixture.project)
    const token = issue('opaque', [clientId, fixture.project.id])
    const { status } = await revoke({ token, client_id: clientId }, {})

    expect(status).toBe(200)
    expect(await fixture.introspect(token)).toEqual({ active: false })
  })

  it('refuses a token of another application, which stays active', async () => {
    const token = issue('opaque', [fixture.project.id])

    expect(await readJson(await revoke({ token }))).toEqual(refused('token was not issued for this client', 401))
    expect(await fixture.introspect(token)).toMatchObject({ active: true })
  })

  it('refuses a personal access token, which stays active', async () => {
    const token = fixture.zitadel.createPersonalAccessToken(fixture.user)

    expect(await readJson(await revoke({ token }))).toEqual(refused('token was not issued for this client', 401))
    expect(await fixture.introspect(token)).toMatchObject({ active: true })
  })

  it('refuses a wrong secret', async () => {
    expect(await readJson(await revoke({ token: issue() }, toBasic(web.clientId, 'wrong')))).toEqual(
      refused('invalid secret'),
    )
  })

  it('refuses a request without a token', async () => {
    expect(await readJson(await revoke({}))).toEqual({
      status: 400,
      body: { error: 'invalid_request', error_description: 'token missing' },
    })
  })
})

describe('the revocation endpoint knows no', () => {
  const unknown = refused('no active client not found')

  it('API application with a secret, and the token stays active', async () => {
    const token = issue()
    const { clientId, clientSecret } = fixture.basic

    expect(await readJson(await revoke({ token }, toBasic(clientId, clientSecret)))).toEqual(unknown)
    expect(await fixture.introspect(token)).toMatchObject({ active: true })
  })

  it('API application with a private key', async () => {
    const form = { client_assertion: await fixture.sign(), client_assertion_type: ASSERTION_TYPE }

    expect(await readJson(await revoke({ token: issue(), ...form }, {}))).toEqual(unknown)
  })

  it('service account', async () => {
    const secret = fixture.zitadel.createServiceUserSecret(fixture.user)

    expect(await readJson(await revoke({ token: issue() }, toBasic('tasks-client', secret)))).toEqual(unknown)
  })

  it('deactivated application', async () => {
    const gone = fixture.zitadel.createWebApplication(fixture.project, { authMethod: 'basic' })
    fixture.zitadel.deactivateApplication(gone)

    expect(await readJson(await revoke({ token: issue() }, toBasic(gone.clientId, gone.clientSecret)))).toEqual(unknown)
  })

  it('client whose assertion is none', async () => {
    const form = { token: 'x', client_assertion: 'x', client_assertion_type: ASSERTION_TYPE }

    expect(await readJson(await revoke(form, {}))).toEqual({ status: 400, body: { error: 'invalid_client' } })
  })
})

describe('revokeAccessToken', () => {
  for (const type of ['opaque', 'jwt'] as const) {
    it(`makes an access token inactive that is ${type}, whoever it was issued to`, async () => {
      const token = issue(type, [fixture.project.id])
      const before = await fixture.introspect(token)
      fixture.zitadel.revokeAccessToken(token)

      expect(before).toMatchObject({ active: true })
      expect(await fixture.introspect(token)).toEqual({ active: false })
    })
  }
})
