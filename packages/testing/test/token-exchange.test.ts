import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ConfidentialWebApplication, HumanUser, Project } from '../src/index.js'
import { type Fixture, readJson, startFixture, toBasic } from './support/fixture.js'

const GRANT = 'urn:ietf:params:oauth:grant-type:token-exchange'
const type = (name: string) => `urn:ietf:params:oauth:token-type:${name}`

let fixture: Fixture
let next: Project
let exchanger: ConfidentialWebApplication
let person: HumanUser
beforeAll(async () => {
  fixture = await startFixture()
  next = fixture.zitadel.createProject({ name: 'orders' })
  exchanger = fixture.zitadel.createWebApplication(fixture.project, { authMethod: 'basic', tokenExchange: true })
  person = fixture.zitadel.createHumanUser({ userName: 'person' })
})
afterAll(() => fixture.zitadel.close())

const issue = (audience = [fixture.project.id, next.id], scopes = ['openid', 'profile']) =>
  fixture.zitadel.issueAccessToken(person, { audience, scopes, authenticationMethods: ['pwd'] })
const exchange = async (
  form: Record<string, string> = {},
  { clientId, clientSecret }: { clientId: string; clientSecret: string } = exchanger,
) => {
  const subject = { subject_token: issue(), subject_token_type: type('access_token') }
  const given = { grant_type: GRANT, ...subject, ...form }
  return readJson(await fixture.post('/oauth/v2/token', given, toBasic(clientId, clientSecret)))
}
const tokenOf = ({ body }: { body: unknown }) => (body as { access_token: string }).access_token
const refused = (error: string, description: string, status = 400) => ({
  status,
  body: { error, error_description: description },
})

describe('the token exchange grant', () => {
  it('gives a token of the same user for the exchanging application, with all that the other has', async () => {
    const answer = await exchange()

    expect(answer).toEqual({
      status: 200,
      body: {
        access_token: expect.stringMatching(/^([\w-]+\.){4}[\w-]+$/),
        issued_token_type: type('access_token'),
        token_type: 'Bearer',
        expires_in: 43_199,
        scope: 'openid profile',
        id_token: expect.any(String),
      },
    })
    expect(await fixture.introspect(tokenOf(answer))).toMatchObject({
      active: true,
      sub: person.id,
      client_id: exchanger.clientId,
      aud: [fixture.project.id, next.id],
      amr: ['pwd'],
    })
  })

  it('narrows the audience and the scopes', async () => {
    const answer = await exchange({ audience: next.id, scope: 'openid' })
    const orders = fixture.zitadel.createApiApplication(next, { authMethod: 'basic' })

    expect(await fixture.introspect(tokenOf(answer))).toEqual({ active: false })
    expect(await fixture.introspect(tokenOf(answer), orders)).toMatchObject({ aud: [next.id], scope: 'openid' })
  })

  it('gives a JWT when it is asked for one', async () => {
    const answer = await exchange({ requested_token_type: type('jwt'), audience: next.id })

    expect(answer).toMatchObject({ body: { issued_token_type: type('jwt') } })
    expect(decodeJwt(tokenOf(answer))).toMatchObject({ sub: person.id, aud: [next.id], client_id: exchanger.clientId })
  })

  it('takes a personal access token, which is good for every client', async () => {
    const token = fixture.zitadel.createPersonalAccessToken(fixture.user)

    expect(await exchange({ subject_token: token })).toMatchObject({ status: 200 })
  })

  it('refuses an API, which is no client here, and a wrong secret', async () => {
    expect(await exchange({}, fixture.basic)).toEqual(refused('invalid_client', 'no active client not found'))
    expect(await exchange({}, { ...exchanger, clientSecret: 'wrong' })).toEqual(
      refused('invalid_client', 'invalid secret'),
    )
  })

  it('refuses an application without the grant', async () => {
    const other = fixture.zitadel.createWebApplication(fixture.project, { authMethod: 'basic' })

    expect(await exchange({}, other)).toEqual(refused('unauthorized_client', `grant_type "${GRANT}" not allowed`))
  })

  it('refuses a resource (RFC 8707)', async () => {
    expect(await exchange({ resource: 'https://api.example.com' })).toEqual(
      refused('invalid_target', 'resource parameter not supported'),
    )
  })

  for (const [what, toForm] of [
    ['no token', () => ({ subject_token: '' })],
    ['an unknown token', () => ({ subject_token: 'unknown' })],
    ['no type', () => ({ subject_token_type: '' })],
    ['a refresh token', () => ({ subject_token_type: type('refresh_token') })],
    ['a token that is not for this project', () => ({ subject_token: issue([next.id]) })],
  ] as const) {
    it(`refuses ${what}`, async () => {
      expect(await exchange(toForm())).toEqual(refused('invalid_request', 'subject_token invalid'))
    })
  }

  it('refuses another audience, and another scope', async () => {
    expect(await exchange({ audience: 'other' })).toEqual(
      refused('invalid_target', 'audience "other" not found in subject or actor token'),
    )
    expect(await exchange({ scope: 'openid email' })).toEqual(
      refused('invalid_scope', 'scope "email" not found in subject or actor token'),
    )
  })

  for (const [what, form] of [
    ['a user in the place of a token', { subject_token_type: 'urn:zitadel:params:oauth:token-type:user_id' }],
    ['an actor', { actor_token: 'a', actor_token_type: type('access_token') }],
  ] as const) {
    it(`refuses ${what}, since impersonation is switched off`, async () => {
      expect(await exchange(form)).toEqual(
        refused('invalid_request', 'Errors.TokenExchange.Impersonation.PolicyDisabled', 403),
      )
    })
  }

  it('gives no other kind of token', async () => {
    expect(await exchange({ requested_token_type: type('refresh_token') })).toEqual(
      refused('invalid_request', 'Errors.TokenExchange.Token.TypeNotSupported'),
    )
  })
})
