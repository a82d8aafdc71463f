import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ASSERTION_TYPE, type Fixture, startFixture, toBasic } from './support/fixture.js'
import { sendRaw } from './support/raw-request.js'

const DISCOVERY = '/.well-known/openid-configuration'
const PUBLIC = 'auth.example.com'

let fixture: Fixture
let issuer: string
let second: string
beforeAll(async () => {
  fixture = await startFixture()
  issuer = fixture.zitadel.issuer
  second = fixture.zitadel.addCustomDomain('localhost')
  fixture.zitadel.addCustomDomain(PUBLIC)
})
afterAll(() => fixture.zitadel.close())

const readIssuer = async (headers: Record<string, string>) => {
  const { status, body } = await sendRaw(issuer, { path: DISCOVERY, headers })
  return status === 200 ? JSON.parse(body).issuer : status
}
const host = () => new URL(issuer).host
const introspectAt = async (name: string, token: string, form: Record<string, string> = {}) => {
  const headers = { host: new URL(name).host, 'content-type': 'application/x-www-form-urlencoded' }
  const credentials = toBasic(fixture.basic.clientId, fixture.basic.clientSecret)
  const answer = await sendRaw(issuer, {
    method: 'POST',
    path: '/oauth/v2/introspect',
    headers: form['client_assertion'] ? headers : { ...headers, ...credentials },
    body: new URLSearchParams({ token, ...form }).toString(),
  })
  return JSON.parse(answer.body) as Record<string, unknown>
}

describe('the issuer', () => {
  it('is the name by which the instance is asked', async () => {
    expect(second).toBe(issuer.replace('127.0.0.1', 'localhost'))
    expect(await readIssuer({ host: host() })).toBe(issuer)
    expect(await readIssuer({ host: new URL(second).host })).toBe(second)
  })

  it('has the port of the request, which is no part of a name', async () => {
    expect(await readIssuer({ host: `${PUBLIC}:8443` })).toBe(`http://${PUBLIC}:8443`)
    expect(await readIssuer({ host: PUBLIC })).toBe(`http://${PUBLIC}`)
  })

  for (const [name, headers, expected] of [
    ['x-zitadel-instance-host', { 'x-zitadel-instance-host': PUBLIC }, `http://${PUBLIC}`],
    ['x-forwarded-proto', { 'x-zitadel-instance-host': PUBLIC, 'x-forwarded-proto': 'https' }, `https://${PUBLIC}`],
    [
      'x-zitadel-public-host',
      { 'x-zitadel-instance-host': '127.0.0.1', 'x-zitadel-public-host': PUBLIC, 'x-forwarded-proto': 'https' },
      `https://${PUBLIC}`,
    ],
  ] as const) {
    it(`is changed by ${name}, which a proxy sends`, async () => {
      expect(await readIssuer({ host: 'zitadel:8080', ...headers })).toBe(expected)
    })
  }

  it('cannot be a name that the instance does not have', async () => {
    expect(await readIssuer({ host: host(), 'x-zitadel-public-host': 'other.example' })).toBe(404)
    expect(await readIssuer({ host: host(), 'x-zitadel-instance-host': 'other.example' })).toBe(404)
  })
})

describe('a token', () => {
  const issue = (options: { issuer?: string } = {}) =>
    fixture.zitadel.issueAccessToken(fixture.user, { type: 'jwt', audience: [fixture.project.id], ...options })

  it('that is a JWT is active only where it was issued', async () => {
    const token = issue({ issuer: second })

    expect(decodeJwt(token).iss).toBe(second)
    expect(await introspectAt(second, token)).toMatchObject({ active: true, iss: second })
    expect(await introspectAt(issuer, token)).toEqual({ active: false })
    expect(await introspectAt(second, issue())).toEqual({ active: false })
  })

  it('that is opaque is active everywhere, and the answer names who was asked', async () => {
    const token = fixture.zitadel.createPersonalAccessToken(fixture.user)

    expect(await introspectAt(second, token)).toMatchObject({ active: true, iss: second })
    expect(await introspectAt(issuer, token)).toMatchObject({ active: true, iss: issuer })
  })

  it('of the token endpoint has the issuer that was asked', async () => {
    const user = fixture.zitadel.createServiceUser({ userName: 'ci', accessTokenType: 'jwt' })
    const { authorization } = toBasic('ci', fixture.zitadel.createServiceUserSecret(user))
    const { body } = await sendRaw(issuer, {
      method: 'POST',
      path: '/oauth/v2/token',
      headers: { host: new URL(second).host, 'content-type': 'application/x-www-form-urlencoded', authorization },
      body: 'grant_type=client_credentials&scope=openid',
    })

    expect(decodeJwt(JSON.parse(body).access_token).iss).toBe(second)
    expect(decodeJwt(JSON.parse(body).id_token).iss).toBe(second)
  })

  it('cannot be issued by a name that the instance does not have', () => {
    expect(() => issue({ issuer: 'https://other.example' })).toThrow(
      'this local ZITADEL has no domain for the issuer https://other.example: add it with addCustomDomain first',
    )
  })
})

it('an assertion has to name the issuer that is asked', async () => {
  const token = fixture.zitadel.createPersonalAccessToken(fixture.user)
  const form = async (aud: string) => ({
    client_assertion: await fixture.sign({ aud }),
    client_assertion_type: ASSERTION_TYPE,
  })

  expect(await introspectAt(second, token, await form(second))).toMatchObject({ active: true })
  expect(await introspectAt(second, token, await form(issuer))).toEqual({ error: 'unauthorized_client' })
})

for (const name of ['auth.example.com:8443', 'https://auth.example.com', 'a/b', '']) {
  it(`${JSON.stringify(name)} is not taken for a name`, () => {
    expect(() => fixture.zitadel.addCustomDomain(name)).toThrow(new TypeError(`"${name}" is not the name of a host`))
  })
}
