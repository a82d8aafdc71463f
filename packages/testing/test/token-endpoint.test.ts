import { decodeJwt } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ServiceUser, ServiceUserKey } from '../src/index.js'
import { type Fixture, readJson, startFixture, toBasic } from './support/fixture.js'

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

let fixture: Fixture
let audienceScope: string
beforeAll(async () => {
  fixture = await startFixture()
  audienceScope = `urn:zitadel:iam:org:project:id:${fixture.project.id}:aud`
})
afterAll(() => fixture.zitadel.close())

interface TokenAnswer {
  readonly access_token: string
  readonly id_token?: string
}
const ask = (form: Record<string, string>, headers = {}) => fixture.post('/oauth/v2/token', form, headers)
const readToken = async (response: Promise<Response>) => (await (await response).json()) as TokenAnswer
const invalid = (error: string, description: string) => ({
  status: 400,
  body: { error, error_description: description },
})

describe('the jwt-bearer grant', () => {
  let key: ServiceUserKey
  beforeAll(() => {
    key = fixture.zitadel.createServiceUserKey(fixture.user)
  })
  const sign = (claims = {}, { keyId, key: pem } = key) =>
    fixture.sign({ iss: fixture.user.id, sub: fixture.user.id, ...claims }, { kid: keyId }, pem)
  const exchange = async (assertion: Promise<string>, scope = `openid ${audienceScope}`) =>
    ask({ grant_type: JWT_BEARER, assertion: await assertion, scope })

  it('gives an opaque token and an ID token', async () => {
    expect(await readJson(await exchange(sign()))).toEqual({
      status: 200,
      body: {
        access_token: expect.stringMatching(/^([\w-]+\.){4}[\w-]+$/),
        token_type: 'Bearer',
        expires_in: 43_199,
        id_token: expect.any(String),
      },
    })
  })

  it('gives a token that the API accepts', async () => {
    const { access_token } = await readToken(exchange(sign()))
    const answer = await fixture.introspect(access_token)

    expect(answer).toMatchObject({ active: true, sub: fixture.user.id, client_id: 'tasks-client' })
    expect(answer).not.toHaveProperty('amr')
  })

  it('gives a token that no API accepts without the scope for the audience', async () => {
    const { access_token } = await readToken(exchange(sign(), 'openid'))

    expect(await fixture.introspect(access_token)).toEqual({ active: false })
  })

  it('gives an ID token only for openid, and only it names the user by azp', async () => {
    const { id_token } = await readToken(exchange(sign()))

    expect(decodeJwt(id_token ?? '')).toMatchObject({ azp: 'tasks-client', at_hash: expect.any(String) })
    expect(await readToken(exchange(sign(), audienceScope))).not.toHaveProperty('id_token')
  })

  it('drops scopes it does not know, and that of an organization which is not the user’s', async () => {
    const own = `urn:zitadel:iam:org:id:${fixture.zitadel.organization.id}`
    const scope = `custom ${own} urn:zitadel:iam:org:id:1 ${audienceScope}`
    const { access_token } = await readToken(exchange(sign(), scope))

    expect(await fixture.introspect(access_token)).toHaveProperty('scope', `${own} ${audienceScope}`)
  })

  const invalidAssertion = invalid('invalid_grant', 'invalid assertion')
  for (const [name, claims] of Object.entries<() => Record<string, unknown>>({
    'with another audience': () => ({ aud: `${fixture.zitadel.issuer}/oauth/v2/token` }),
    'that has expired': () => ({ exp: fixture.nowSeconds() }),
    'issued more than an hour ago': () => ({ iat: fixture.nowSeconds() - 3_601 }),
    'issued in the future': () => ({ iat: fixture.nowSeconds() + 2 }),
    'of another user': () => ({ iss: '1', sub: '1' }),
    'that speaks for another user': () => ({ sub: '1' }),
  })) {
    it(`refuses an assertion ${name}`, async () => {
      expect(await readJson(await exchange(sign(claims())))).toEqual(invalidAssertion)
    })
  }

  it('refuses what is no assertion', async () => {
    expect(await readJson(await exchange(Promise.resolve('garbage')))).toEqual(invalidAssertion)
  })

  it("refuses an application's key", async () => {
    expect(await readJson(await exchange(fixture.sign()))).toEqual(invalidAssertion)
  })

  it('refuses a key that has expired', async () => {
    const expired = fixture.zitadel.createServiceUserKey(fixture.user, { expiresAt: new Date(0) })

    expect(expired.expirationDate).toBe('1970-01-01T00:00:00Z')
    expect(await readJson(await exchange(sign({}, expired)))).toEqual(invalidAssertion)
  })

  it('refuses a request without an assertion', async () => {
    expect(await readJson(await ask({ grant_type: JWT_BEARER }))).toEqual(
      invalid('invalid_request', 'assertion missing'),
    )
  })

  it('refuses a request without a scope, but not one with an empty one', async () => {
    expect(await readJson(await ask({ grant_type: JWT_BEARER, assertion: await sign() }))).toEqual(
      invalid('invalid_request', expect.stringContaining('The scope of your request is missing.')),
    )
    expect((await exchange(sign(), '')).status).toBe(200)
  })
})

describe('the client_credentials grant', () => {
  let user: ServiceUser
  let secret: string
  let names = 0
  beforeEach(() => {
    names += 1
    user = fixture.zitadel.createServiceUser({ userName: `service-${names}`, accessTokenType: 'jwt' })
    secret = fixture.zitadel.createServiceUserSecret(user)
  })
  const exchange = (clientId = user.userName, clientSecret = secret, scope = audienceScope) =>
    ask({ grant_type: 'client_credentials', scope }, toBasic(clientId, clientSecret))

  it('gives a token of the type the user asks for', async () => {
    const { access_token } = await readToken(exchange())

    expect(decodeJwt(access_token)).toMatchObject({ sub: user.id, client_id: user.userName, aud: [fixture.project.id] })
  })

  it('says in the introspection answer that a password was used', async () => {
    const { access_token } = await readToken(exchange())

    expect(await fixture.introspect(access_token)).toMatchObject({ active: true, amr: ['pwd'] })
  })

  it('takes the secret from the form too', async () => {
    const credentials = { client_id: user.userName, client_secret: secret }
    const response = await ask({ grant_type: 'client_credentials', scope: audienceScope, ...credentials })

    expect(response.status).toBe(200)
  })

  it('knows a user by the login name, and the token by the user name', async () => {
    const names = { userName: 'ci', loginName: 'ci@zitadel.localhost' } as const
    const ci = fixture.zitadel.createServiceUser({ ...names, accessTokenType: 'jwt' })
    const ciSecret = fixture.zitadel.createServiceUserSecret(ci)
    const { access_token } = await readToken(exchange('ci@zitadel.localhost', ciSecret, `profile ${audienceScope}`))

    expect(decodeJwt(access_token)).toHaveProperty('client_id', 'ci')
    expect(await fixture.introspect(access_token)).toMatchObject({
      client_id: 'ci',
      username: 'ci@zitadel.localhost',
      preferred_username: 'ci@zitadel.localhost',
    })
    expect(await readJson(await exchange('ci', ciSecret))).toEqual(invalid('invalid_client', 'client not found'))
  })

  it('refuses a user it does not know', async () => {
    expect(await readJson(await exchange('nobody'))).toEqual(invalid('invalid_client', 'client not found'))
  })

  it('refuses an application', async () => {
    const { clientId, clientSecret } = fixture.basic

    expect(await readJson(await exchange(clientId, clientSecret))).toEqual(
      invalid('invalid_client', 'client not found'),
    )
  })

  it('refuses an assertion', async () => {
    const form = { client_assertion: await fixture.sign(), client_assertion_type: `${JWT_BEARER}` }
    const response = await ask({ grant_type: 'client_credentials', ...form })

    expect(response.status).toBe(400)
  })

  for (const wrong of ['wrong', '']) {
    it(`refuses the secret ${JSON.stringify(wrong)}`, async () => {
      expect(await readJson(await exchange(user.userName, wrong))).toEqual(
        invalid('invalid_request', 'Errors.User.Machine.Secret.Invalid'),
      )
    })
  }

  it('refuses a secret that was replaced', async () => {
    fixture.zitadel.createServiceUserSecret(user)

    expect((await exchange()).status).toBe(400)
  })

  it('refuses a user without a secret', async () => {
    expect(await readJson(await exchange(fixture.user.userName))).toEqual(
      invalid('invalid_request', 'Errors.User.Machine.Secret.NotExisting'),
    )
  })

  it('refuses a user who was deactivated', async () => {
    fixture.zitadel.deactivateUser(user)

    expect(await readJson(await exchange())).toEqual(invalid('invalid_request', 'Errors.User.NotActive'))
  })
})

describe('the token endpoint', () => {
  it('refuses a request without a grant type', async () => {
    expect(await readJson(await ask({}))).toEqual(invalid('invalid_request', 'grant_type missing'))
  })

  it('refuses a grant type it does not know', async () => {
    expect(await readJson(await ask({ grant_type: 'password' }))).toEqual(
      invalid('unsupported_grant_type', 'password not supported'),
    )
  })

  for (const grantType of ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code']) {
    it(`tells an API that it is no client for ${grantType}, and a web application that it is not imitated`, async () => {
      const web = fixture.zitadel.createWebApplication(fixture.project)
      const askAs = async ({ clientId }: { clientId: string }) =>
        readJson(await ask({ grant_type: grantType, client_id: clientId }))

      expect(await askAs(fixture.application)).toEqual(invalid('invalid_client', 'no active client not found'))
      expect(await askAs(web)).toEqual(invalid('unsupported_grant_type', `${grantType} not supported`))
    })
  }

  it('forbids its answers to be stored', async () => {
    const { headers } = await ask({})

    expect(headers.get('cache-control')).toBe('no-store')
  })
})
