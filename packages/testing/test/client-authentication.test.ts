import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ASSERTION_TYPE, type Fixture, readJson, startFixture, toBasic } from './support/fixture.js'

let fixture: Fixture
let token: string
beforeAll(async () => {
  fixture = await startFixture()
  token = fixture.zitadel.createPersonalAccessToken(fixture.user)
})
afterAll(() => fixture.zitadel.close())

const active = { status: 200, body: expect.objectContaining({ active: true }) }
const unauthorizedClient = { status: 400, body: { error: 'unauthorized_client' } }

describe('private_key_jwt', () => {
  const judge = async (assertion: string | Promise<string>) =>
    readJson(await fixture.introspectWith(await assertion, token))

  it('accepts a fresh assertion', async () => {
    expect(await judge(fixture.sign())).toEqual(active)
  })

  it('accepts the same assertion again', async () => {
    const assertion = await fixture.sign()
    await judge(assertion)

    expect(await judge(assertion)).toEqual(active)
  })

  it('accepts the issuer as one of several audiences', async () => {
    expect(await judge(fixture.sign({ aud: ['https://elsewhere.example', fixture.zitadel.issuer] }))).toEqual(active)
  })

  it('does not look at typ, nbf or jti', async () => {
    expect(await judge(fixture.sign({ nbf: fixture.nowSeconds() + 999, jti: 'x' }))).toEqual(active)
  })

  it('accepts PS256 from an RSA key', async () => {
    expect(await judge(fixture.sign({}, { alg: 'PS256' }))).toEqual(active)
  })

  for (const [name, claims] of Object.entries<(now: number, issuer: string) => Record<string, unknown>>({
    'iat one second in the future': (now) => ({ iat: now + 1 }),
    'iat an hour ago': (now) => ({ iat: now - 3_600 }),
    'exp in two seconds': (now) => ({ exp: now + 2 }),
    'exp in a year': (now) => ({ exp: now + 31_536_000 }),
  })) {
    it(`accepts ${name}`, async () => {
      expect(await judge(fixture.sign(claims(fixture.nowSeconds(), fixture.zitadel.issuer)))).toEqual(active)
    })
  }

  for (const [name, claims] of Object.entries<(now: number, issuer: string) => Record<string, unknown>>({
    'iat two seconds in the future': (now) => ({ iat: now + 2 }),
    'iat more than an hour ago': (now) => ({ iat: now - 3_601 }),
    'no iat': () => ({ iat: undefined }),
    'exp in one second': (now) => ({ exp: now + 1 }),
    'no exp': () => ({ exp: undefined }),
    'the token endpoint as audience': (_, issuer) => ({ aud: `${issuer}/oauth/v2/token` }),
    'a trailing slash in the audience': (_, issuer) => ({ aud: `${issuer}/` }),
    'no audience': () => ({ aud: undefined }),
    'a sub other than iss': () => ({ sub: 'somebody' }),
    'no sub': () => ({ sub: undefined }),
    'an unknown iss': () => ({ iss: '1', sub: '1' }),
    'no iss': () => ({ iss: undefined, sub: undefined }),
  })) {
    it(`refuses ${name}`, async () => {
      const assertion = fixture.sign(claims(fixture.nowSeconds(), fixture.zitadel.issuer))

      expect(await judge(assertion)).toEqual(unauthorizedClient)
    })
  }

  it('refuses an assertion without a kid', async () => {
    expect(await judge(fixture.sign({}, { kid: undefined }))).toEqual(unauthorizedClient)
  })

  it('refuses an unknown kid', async () => {
    expect(await judge(fixture.sign({}, { kid: '1' }))).toEqual(unauthorizedClient)
  })

  it("refuses the kid of another client's key", async () => {
    const other = fixture.zitadel.createApplicationKey(fixture.zitadel.createApiApplication(fixture.project))

    expect(await judge(fixture.sign({}, { kid: other.keyId }, other.key))).toEqual(unauthorizedClient)
  })

  it("refuses another key's signature", async () => {
    const other = fixture.zitadel.createApplicationKey(fixture.application)

    expect(await judge(fixture.sign({}, {}, other.key))).toEqual(unauthorizedClient)
  })

  it('refuses RS512, which ZITADEL does not verify', async () => {
    expect(await judge(fixture.sign({}, { alg: 'RS512' }))).toEqual(unauthorizedClient)
  })

  it('refuses ES256 for an RSA key', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

    expect(await judge(fixture.sign({}, { alg: 'ES256' }, pem))).toEqual(unauthorizedClient)
  })

  it('refuses a key that has expired, as if it had never been', async () => {
    const expiresAt = new Date((fixture.nowSeconds() + 60) * 1_000)
    const { keyId, key } = fixture.zitadel.createApplicationKey(fixture.application, { expiresAt })
    const before = await judge(fixture.sign({}, { kid: keyId }, key))
    fixture.advanceSeconds(60)

    expect(before).toEqual(active)
    expect(await judge(fixture.sign({}, { kid: keyId }, key))).toEqual(unauthorizedClient)
  })

  it('refuses a key that was removed', async () => {
    const key = fixture.zitadel.createApplicationKey(fixture.application)
    fixture.zitadel.removeApplicationKey(key)

    expect(await judge(fixture.sign({}, { kid: key.keyId }, key.key))).toEqual(unauthorizedClient)
  })

  for (const assertion of ['x', 'x.y.z', `${btoa('{}')}.${btoa('[]')}.x`]) {
    it(`answers that the token is inactive when the assertion is ${assertion}`, async () => {
      expect(await judge(assertion)).toEqual({ status: 200, body: { active: false } })
    })
  }

  it('puts the client to blame before the token', async () => {
    const assertion = await fixture.sign({ aud: 'https://elsewhere.example' })

    expect(await readJson(await fixture.introspectWith(assertion, 'garbage'))).toEqual(unauthorizedClient)
  })
})

describe('a client secret', () => {
  const ask = async (form: Record<string, string>, headers: Record<string, string> = {}) =>
    readJson(await fixture.post('/oauth/v2/introspect', { token, ...form }, headers))

  it('is 64 letters and digits', () => {
    expect(fixture.basic.clientSecret).toMatch(/^[A-Za-z0-9]{64}$/)
  })

  it('is accepted as Basic credentials', async () => {
    expect(await ask({}, toBasic(fixture.basic.clientId, fixture.basic.clientSecret))).toEqual(active)
  })

  it('is accepted as Basic credentials that are form-url-encoded', async () => {
    const encoded = fixture.basic.clientSecret.replace(/^./, (first) => `%${Buffer.from(first).toString('hex')}`)

    expect(await ask({}, toBasic(fixture.basic.clientId, encoded))).toEqual(active)
  })

  it('is accepted in the form', async () => {
    const { clientId, clientSecret } = fixture.basic

    expect(await ask({ client_id: clientId, client_secret: clientSecret })).toEqual(active)
  })

  it('is refused when it is wrong', async () => {
    expect(await ask({}, toBasic(fixture.basic.clientId, 'wrong'))).toEqual(unauthorizedClient)
  })

  it('is refused for an application that has only keys', async () => {
    expect(await ask({}, toBasic(fixture.application.clientId, 'anything'))).toEqual(unauthorizedClient)
  })

  it('is refused for an unknown client', async () => {
    expect(await ask({}, toBasic('1', 'anything'))).toEqual(unauthorizedClient)
  })

  it('is refused for a service account, who cannot introspect', async () => {
    const secret = fixture.zitadel.createServiceUserSecret(fixture.user)

    expect(await ask({}, toBasic(fixture.user.userName, secret))).toEqual(unauthorizedClient)
  })
})

describe('a request that cannot be right', () => {
  const clientId = () => fixture.basic.clientId
  const invalid = (error: string, description: string) => ({
    status: 400,
    body: { error, error_description: description },
  })
  const none = invalid('invalid_request', 'client_id or client_assertion must be provided')
  const unproven = invalid('invalid_client', 'client must be authenticated')

  for (const [name, expected, form, headers] of [
    ['has no credentials', none, () => ({}), () => ({})],
    ['has a bearer token for credentials', none, () => ({}), () => ({ authorization: 'Bearer x' })],
    ['has Basic credentials without a colon', none, () => ({}), () => ({ authorization: 'Basic eA==' })],
    ['has only a client id', unproven, () => ({ client_id: clientId() }), () => ({})],
    ['has Basic credentials without a secret', unproven, () => ({}), () => toBasic(clientId(), '')],
    [
      'has Basic credentials with a broken escape',
      invalid('invalid_client', 'invalid basic auth header'),
      () => ({}),
      () => toBasic(clientId(), '100%'),
    ],
    [
      'names another assertion type',
      invalid('invalid_request', 'invalid client_assertion_type urn:x'),
      () => ({ client_assertion: 'x', client_assertion_type: 'urn:x' }),
      () => ({}),
    ],
    [
      'names no assertion type',
      invalid('invalid_request', 'invalid client_assertion_type '),
      () => ({ client_assertion: 'x' }),
      () => ({}),
    ],
  ] as const) {
    it(`is refused when it ${name}`, async () => {
      const response = await fixture.post('/oauth/v2/introspect', { token, ...form() }, headers())

      expect(await readJson(response)).toEqual(expected)
    })
  }

  it('is refused when its body is JSON', async () => {
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify({ token })
    const response = await fetch(`${fixture.zitadel.issuer}/oauth/v2/introspect`, { method: 'POST', headers, body })

    expect(await readJson(response)).toEqual(none)
  })

  for (const [name, form] of [
    ['no token', {}],
    ['an empty token', { token: '' }],
  ] as const) {
    it(`is refused when it has ${name}`, async () => {
      const headers = toBasic(clientId(), fixture.basic.clientSecret)
      const response = await fixture.post('/oauth/v2/introspect', { ...form }, headers)

      expect(await readJson(response)).toEqual(invalid('invalid_request', 'token missing'))
    })
  }

  it('is answered without a challenge, and must not be stored', async () => {
    const response = await fixture.post('/oauth/v2/introspect', { token })

    expect(response.headers.get('www-authenticate')).toBeNull()
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('content-type')).toBe('application/json')
  })
})

describe('a client that authenticates twice', () => {
  const wrong = () => toBasic(fixture.basic.clientId, 'wrong')
  const right = () => toBasic(fixture.basic.clientId, fixture.basic.clientSecret)
  const ask = async (form: Record<string, string>, headers: Record<string, string>) =>
    readJson(await fixture.post('/oauth/v2/introspect', { token, ...form }, headers))

  it('is known by the assertion', async () => {
    const form = { client_assertion: await fixture.sign(), client_assertion_type: ASSERTION_TYPE }

    expect(await ask(form, wrong())).toEqual(active)
    expect(await ask({ ...form, client_assertion: await fixture.sign({ aud: 'x' }) }, right())).toEqual(
      unauthorizedClient,
    )
  })

  it('is known by the header when the form has a secret', async () => {
    const form = { client_id: fixture.basic.clientId, client_secret: fixture.basic.clientSecret }

    expect(await ask({ ...form, client_secret: 'wrong' }, right())).toEqual(active)
    expect(await ask(form, wrong())).toEqual(unauthorizedClient)
  })
})

describe('a web application', () => {
  it('may introspect when it has a secret', async () => {
    const web = fixture.zitadel.createWebApplication(fixture.project, { authMethod: 'basic' })

    expect(await fixture.introspect(token, web)).toMatchObject({ active: true })
  })

  it('may not introspect without one', async () => {
    const { clientId } = fixture.zitadel.createWebApplication(fixture.project)

    expect(await fixture.introspect(token, { ...fixture.basic, clientId })).toEqual({ error: 'unauthorized_client' })
  })
})

describe('a deactivated', () => {
  let own: Pick<Fixture, 'project' | 'basic'> & { organizationId: string }
  beforeEach(() => {
    const organizationId = fixture.zitadel.createOrganization({ name: 'Customer' }).id
    const project = fixture.zitadel.createProject({ name: 'own', organizationId })
    own = { organizationId, project, basic: fixture.zitadel.createApiApplication(project, { authMethod: 'basic' }) }
  })

  for (const [name, deactivate] of [
    ['application', () => fixture.zitadel.deactivateApplication(own.basic)],
    ['project', () => fixture.zitadel.deactivateProject(own.project)],
    [
      'organization',
      () => fixture.zitadel.deactivateOrganization({ id: own.organizationId, name: '', primaryDomain: '' }),
    ],
  ] as const) {
    it(`${name} makes the client unknown`, async () => {
      const before = await fixture.introspect(token, own.basic)
      deactivate()

      expect(before).toMatchObject({ active: true })
      expect(await fixture.introspect(token, own.basic)).toEqual({ error: 'unauthorized_client' })
    })
  }
})
