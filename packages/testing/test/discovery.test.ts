import { importJWK } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startLocalZitadel } from '../src/index.js'
import { type Fixture, readJson, startFixture } from './support/fixture.js'
import { sendRaw } from './support/raw-request.js'

let fixture: Fixture
beforeAll(async () => {
  fixture = await startFixture()
})
afterAll(() => fixture.zitadel.close())

const DISCOVERY = '/.well-known/openid-configuration'

describe('the discovery document', () => {
  it('names the issuer without a trailing slash, and every endpoint below it', async () => {
    const response = await fetch(`${fixture.zitadel.issuer}${DISCOVERY}`)
    const { issuer } = fixture.zitadel

    expect(issuer).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect(await response.json()).toMatchObject({
      issuer,
      token_endpoint: `${issuer}/oauth/v2/token`,
      introspection_endpoint: `${issuer}/oauth/v2/introspect`,
      revocation_endpoint: `${issuer}/oauth/v2/revoke`,
      jwks_uri: `${issuer}/oauth/v2/keys`,
      introspection_endpoint_auth_methods_supported: ['client_secret_basic', 'private_key_jwt'],
      id_token_signing_alg_values_supported: ['EdDSA', 'RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512'],
    })
  })

  it('has all the members of ZITADEL', async () => {
    const response = await fetch(`${fixture.zitadel.issuer}${DISCOVERY}`)

    expect(Object.keys((await response.json()) as object)).toHaveLength(29)
  })

  it('must not be stored', async () => {
    const response = await fetch(`${fixture.zitadel.issuer}${DISCOVERY}`)

    expect(response.headers.get('cache-control')).toBe('no-store')
  })
})

describe('the published keys', () => {
  const readKeys = async () => {
    const response = await fetch(`${fixture.zitadel.issuer}/oauth/v2/keys`)
    return { response, keys: ((await response.json()) as { keys: Record<string, string>[] }).keys }
  }

  it('may be stored for five minutes', async () => {
    const { response } = await readKeys()

    expect(response.headers.get('cache-control')).toBe('max-age=300, must-revalidate')
  })

  it('start with two for RS256, without their private halves: the one that signs, and the next', async () => {
    const { keys } = await readKeys()
    const published = {
      use: 'sig',
      kty: 'RSA',
      alg: 'RS256',
      kid: expect.stringMatching(/^\d{18}$/),
      n: expect.any(String),
      e: 'AQAB',
    }

    expect(keys).toEqual([published, published])
    expect(keys.map(({ kid }) => kid)).toEqual([fixture.zitadel.listKeys()[0]?.keyId, expect.anything()])
    expect(keys[0]?.['n']).not.toBe(keys[1]?.['n'])
    expect((await readKeys()).keys).toEqual(keys)
  })

  for (const algorithm of ['RS384', 'RS512', 'ES256', 'ES384', 'ES512', 'EdDSA'] as const) {
    it(`can be rotated to ${algorithm}`, async () => {
      const { keyId } = fixture.zitadel.rotateKeys({ algorithm })
      const { keys } = await readKeys()
      const published = keys.find(({ kid }) => kid === keyId)

      expect(published?.['alg']).toBe(algorithm)
      await expect(importJWK(published ?? {})).resolves.toBeDefined()
    })
  }
})

describe('the host check', () => {
  const host = () => new URL(fixture.zitadel.issuer).host

  it('refuses a request by another name, in the words of ZITADEL', async () => {
    const answer = await sendRaw(fixture.zitadel.issuer, { path: DISCOVERY, headers: { host: 'zitadel:8080' } })

    expect(answer.status).toBe(404)
    expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8')
    expect(answer.body).toMatch(
      /^unable to set instance using origin &\{zitadel:8080 {2}http\} \(ExternalDomain is 127\.0\.0\.1\): .*Instance not found/,
    )
  })

  it('accepts another name when x-zitadel-instance-host names the public one, and keeps the public issuer', async () => {
    const headers = { host: 'zitadel:8080', 'x-zitadel-instance-host': host() }
    const answer = await sendRaw(fixture.zitadel.issuer, { path: DISCOVERY, headers })

    expect(answer.status).toBe(200)
    expect(JSON.parse(answer.body)).toMatchObject({ issuer: fixture.zitadel.issuer })
  })

  it('believes x-zitadel-instance-host over the host', async () => {
    const headers = { host: host(), 'x-zitadel-instance-host': 'elsewhere.example' }
    const answer = await sendRaw(fixture.zitadel.issuer, { path: DISCOVERY, headers })

    expect(answer.status).toBe(404)
  })
})

describe('the server', () => {
  for (const [path, body] of [
    ['/', '{"code":5,"message":"Not Found"}\n'],
    ['//x', '{"code":5,"message":"Not Found"}\n'],
    ['/?a?b', '{"code":5,"message":"Not Found"}\n'],
    ['/oauth/v2/authorize', '404 page not found\n'],
    ['/oauth/v2/keys/', '404 page not found\n'],
  ] as const) {
    it(`does not know ${path}`, async () => {
      expect(await sendRaw(fixture.zitadel.issuer, { path })).toMatchObject({ status: 404, body })
    })
  }

  for (const path of [DISCOVERY, '/oauth/v2/keys', '/oauth/v2/introspect', '/oauth/v2/token', '/oauth/v2/revoke']) {
    it(`answers OPTIONS on ${path} without letting the page of another origin in`, async () => {
      const headers = { origin: 'https://other.example', 'access-control-request-method': 'POST' }
      const answer = await sendRaw(fixture.zitadel.issuer, { method: 'OPTIONS', path, headers })

      expect(answer.status).toBe(204)
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
    })
  }

  it('takes no other method than POST and DELETE on /local/grants', async () => {
    const answer = await sendRaw(fixture.zitadel.issuer, { path: '/local/grants' })

    expect(answer).toMatchObject({ status: 405, headers: { allow: 'POST, DELETE' } })
  })

  it('refuses a form of more than 10 MiB, as Go does', async () => {
    expect(await readJson(await fixture.post('/oauth/v2/introspect', { token: 'x'.repeat(10_485_760) }))).toEqual({
      status: 400,
      body: { error: 'invalid_request', error_description: 'error parsing form' },
    })
  })

  it('goes on after a bug, which it answers with 500', async () => {
    let now = Date.now
    await using zitadel = await startLocalZitadel({ now: () => now() })
    const { clientId, clientSecret } = zitadel.createApiApplication(zitadel.createProject({ name: 'tasks' }), {
      authMethod: 'basic',
    })
    const token = zitadel.createPersonalAccessToken(zitadel.createServiceUser({ userName: 'tasks-client' }))
    const body = new URLSearchParams({ token, client_id: clientId, client_secret: clientSecret })
    const ask = () => fetch(`${zitadel.issuer}/oauth/v2/introspect`, { method: 'POST', body })
    now = () => {
      throw new Error('the clock stands still')
    }
    const duringBug = await ask()
    now = Date.now

    expect(await readJson(duringBug)).toEqual({
      status: 500,
      body: { error: 'server_error', error_description: 'Errors.Internal' },
    })
    expect((await ask()).status).toBe(200)
  })
})
