import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { createZitadelAuth, type ZitadelAuthOptions } from '@org/zitadel-auth'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  type CertifiedServer,
  clients,
  plainResource,
  resource,
  startCertifiedServer,
} from '../src/certified-server.js'

// What oidc-provider does, a certified server that knows nothing of ZITADEL, as it comes.
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
const key = {
  type: 'application',
  keyId: 'key-1',
  key: privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
  appId: 'app-1',
  clientId: clients.apiWithKey.clientId,
}
const logger = { warn: () => {}, error: () => {} }

let server: CertifiedServer
beforeAll(async () => {
  // It says at length that this is no production set-up.
  for (const level of ['info', 'warn'] as const) vi.spyOn(console, level).mockImplementation(() => {})
  const publicKey = createPublicKey(privateKey).export({ format: 'jwk' })
  server = await startCertifiedServer({ ...publicKey, kid: key.keyId, alg: 'RS256', use: 'sig' })
})
afterAll(() => server.close())

const createAuth = (options: object) =>
  createZitadelAuth({ domain: server.issuer, logger, ...options } as unknown as ZitadelAuthOptions)
const codeOf = (refused: Promise<unknown>): Promise<unknown> => refused.catch((error: { code: string }) => error.code)

const credentials = [
  ['by key', { key }],
  ['by secret', clients.apiWithSecret],
] as const

describe.each(credentials)('introspection at a certified server, %s,', (_how, options) => {
  it('gives what the server says of a token', async () => {
    const context = await createAuth(options).authenticate(`Bearer ${await server.issueOpaqueToken()}`)
    expect(context).toMatchObject({
      userId: 'ann',
      clientId: clients.app.clientId,
      audience: [resource],
      scopes: ['read', 'write'],
      verifiedBy: 'introspection',
    })
    expect(context.expiresAt?.getTime()).toBeGreaterThan(Date.now())
  })

  it('refuses a token that was revoked', async () => {
    const token = await server.issueOpaqueToken()
    const auth = createAuth({ ...options, cache: false })
    await auth.authenticate(`Bearer ${token}`)
    expect(await server.revoke(token)).toBe(200)
    expect(await codeOf(auth.authenticate(`Bearer ${token}`))).toBe('ERR_TOKEN_INVALID')
  })

  it('refuses a token that nobody knows', async () =>
    expect(await codeOf(createAuth(options).authenticate('Bearer nobody-knows-it'))).toBe('ERR_TOKEN_INVALID'))

  it('pins the audience when it is told to', async () => {
    const token = await server.issueOpaqueToken()
    const accepted = await createAuth({ ...options, projectId: resource }).authenticate(`Bearer ${token}`)
    expect(accepted.userId).toBe('ann')
    const refused = createAuth({ ...options, projectId: 'urn:another-api' }).authenticate(`Bearer ${token}`)
    expect(await codeOf(refused)).toBe('ERR_TOKEN_INVALID')
  })
})

describe('a server that takes an assertion once', () => {
  it('gets a new one whenever it wants one', async () => {
    const auth = createAuth({ key, cache: false })
    const before = server.introspections()
    const tokens = [await server.issueOpaqueToken(), await server.issueOpaqueToken(), await server.issueOpaqueToken()]
    for (const token of tokens) expect((await auth.authenticate(`Bearer ${token}`)).userId).toBe('ann')
    expect(server.introspections() - before).toBe(1 + 2 + 2)
  })
})

describe('wrong credentials', () => {
  const another = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey
  const pem = another.export({ type: 'pkcs1', format: 'pem' }).toString()

  it.each([
    ['another key', { key: { ...key, key: pem } }],
    ['a key that is not known', { key: { ...key, keyId: 'key-2' } }],
    ['another secret', { ...clients.apiWithSecret, clientSecret: 'another secret' }],
    ['a client that is not known', { ...clients.apiWithSecret, clientId: 'nobody' }],
  ])('are a mistake of this API and no fault of the token: %s', async (_what, options) => {
    const refused = createAuth(options).authenticate(`Bearer ${await server.issueOpaqueToken()}`)
    expect(await codeOf(refused)).toBe('ERR_CONFIGURATION')
  })
})

describe('local verification of what a certified server signs', () => {
  const local = { verification: 'jwt', projectId: resource }

  it('gives the claims of its access tokens (RFC 9068)', async () => {
    const context = await createAuth(local).authenticate(`Bearer ${await server.requestJwt()}`)
    expect(context).toMatchObject({ userId: clients.app.clientId, audience: [resource], verifiedBy: 'jwt' })
  })

  it('refuses them without nbf, which the RFC leaves out and ZITADEL never does', async () => {
    const auth = createAuth({ ...local, projectId: plainResource })
    const refused = await auth
      .authenticate(`Bearer ${await server.requestJwtWithoutNotBefore()}`)
      .catch((error: unknown) => error)
    expect(refused).toMatchObject({
      code: 'ERR_TOKEN_INVALID',
      reason: expect.stringContaining('has no claim "nbf"'),
    })
  })

  it('refuses them where they are meant for another API', async () => {
    const refused = createAuth({ ...local, projectId: 'urn:another' }).authenticate(
      `Bearer ${await server.requestJwt()}`,
    )
    expect(await codeOf(refused)).toBe('ERR_TOKEN_INVALID')
  })

  it('refuses them when a character has changed', async () => {
    const [header, payload, signature = ''] = (await server.requestJwt()).split('.')
    const reversed = [...signature].reverse().join('')
    const refused = createAuth(local).authenticate(`Bearer ${header}.${payload}.${reversed}`)
    expect(await codeOf(refused)).toBe('ERR_TOKEN_INVALID')
  })

  it('leaves opaque tokens to introspection in the mode for all', async () => {
    const auth = createAuth({ key, verification: 'auto', projectId: resource })
    const opaque = await auth.authenticate(`Bearer ${await server.issueOpaqueToken()}`)
    const jwt = await auth.authenticate(`Bearer ${await server.requestJwt()}`)
    expect([opaque.verifiedBy, jwt.verifiedBy]).toEqual(['introspection', 'jwt'])
  })
})
