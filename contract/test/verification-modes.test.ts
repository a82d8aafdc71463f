import type { Requirement, ZitadelAuth, ZitadelAuthOptions } from '@org/zitadel-auth'
import type { AccessTokenOptions, ServiceUser } from '@org/zitadel-auth-testing'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ask } from '../src/ask.js'
import { hosts } from '../src/hosts/index.js'
import { createWorld, type World } from '../src/world.js'

const modes = ['introspection', 'jwt', 'auto'] as const
type Mode = (typeof modes)[number]

let world: World
let admin: ServiceUser

const createAuth = (verification: Mode, options: object = {}): ZitadelAuth =>
  world.createAuth({ verification, projectId: world.project.id, ...options } as Partial<ZitadelAuthOptions>)

function createUser(userName: string, ...roles: readonly string[]): ServiceUser {
  return { ...world.user, id: world.createUser(userName, ...roles).id, userName }
}

/** A JWT with the roles of its user, as the scopes ask for them. */
function issueJwt(user: ServiceUser, options: AccessTokenOptions = {}): string {
  const audience = `urn:zitadel:iam:org:project:id:${world.project.id}:aud`
  const scopes = ['openid', 'orders:write', audience, 'urn:zitadel:iam:org:projects:roles']
  return world.zitadel.issueAccessToken(user, { type: 'jwt', scopes, ...options })
}

const issueOpaque = (user: ServiceUser): string =>
  world.zitadel.issueAccessToken(user, { type: 'opaque', audience: [world.project.id] })

const counts = () => {
  const { discovery, keys, introspection } = world.zitadel.requests
  return { discovery, keys, introspection }
}

describe.each(hosts)('$name', (host) => {
  // A ZITADEL for each, since nobody believes one that has rotated its keys a hundred times.
  beforeAll(async () => {
    world = await createWorld()
    admin = createUser('the-admin', 'admin')
  })
  beforeEach(() => world.zitadel.resetRequests())
  afterEach(async () => {
    world.zitadel.recover()
    await world.zitadel.resume()
  })
  afterAll(() => world.close())

  async function start(auth: ZitadelAuth, requirement?: Requirement) {
    const { url } = await world.start(host, { auth, ...(requirement === undefined ? {} : { requirement }) })
    return async (token: string) => (await ask(`${url}/required`, { authorization: `Bearer ${token}` })).status
  }

  for (const [mode, asked] of [
    ['introspection', { discovery: 1, keys: 0, introspection: 3 }],
    ['jwt', { discovery: 1, keys: 1, introspection: 0 }],
    ['auto', { discovery: 1, keys: 1, introspection: 2 }],
  ] as const) {
    it(`takes a JWT, an opaque token and a personal access token as ${mode} does, and asks for no more than that`, async () => {
      const status = await start(createAuth(mode))
      const others = mode === 'jwt' ? 401 : 200
      expect(await status(issueJwt(admin))).toBe(200)
      expect(await status(issueOpaque(admin))).toBe(others)
      expect(await status(world.token)).toBe(others)
      expect(counts()).toEqual(asked)
    })

    it(`refuses an ID token and a logout token in ${mode}`, async () => {
      const status = await start(createAuth(mode))
      expect(await status(world.zitadel.issueIdToken(admin, { audience: [world.project.id] }))).toBe(401)
      expect(await status(world.zitadel.issueLogoutToken(admin, { clientId: world.project.id }))).toBe(401)
    })

    it(`gives the context of a JWT in ${mode}`, async () => {
      const { url } = await world.start(host, { auth: createAuth(mode) })
      const answer = await ask(`${url}/required`, { authorization: `Bearer ${issueJwt(admin)}` })
      const roles = { admin: { [world.project.organizationId]: expect.any(String) } }
      expect(JSON.parse(answer.body)).toEqual({ userId: admin.id, roles, hasToken: true })
    })

    it(`lets nobody pass in ${mode} whose JWT was made for another project`, async () => {
      const status = await start(createAuth(mode))
      expect(await status(issueJwt(admin, { audience: ['another-project'] }))).toBe(401)
    })
  }

  it('verifies any number of JWTs in auto with one question for the keys', async () => {
    const auth = createAuth('auto')
    const tokens = Array.from({ length: 20 }, () => issueJwt(admin))
    const status = await start(auth)
    expect(new Set(await Promise.all(tokens.map(status)))).toEqual(new Set([200]))
    expect(counts()).toEqual({ discovery: 1, keys: 1, introspection: 0 })
  })

  it('needs no credentials in jwt', async () => {
    const status = await start(createAuth('jwt', { key: undefined }))
    expect(await status(issueJwt(admin))).toBe(200)
  })

  it('asks ZITADEL in auto where a scope is needed, once, and remembers it', async () => {
    const status = await start(createAuth('auto'), { scope: 'orders:write' })
    const token = issueJwt(admin)
    expect(await status(token)).toBe(200)
    expect(await status(token)).toBe(200)
    expect(counts().introspection).toBe(1)
  })

  it('refuses a JWT in auto that does not have the scope, though an Action has written it', async () => {
    const status = await start(createAuth('auto'), { scope: 'orders:delete' })
    expect(await status(issueJwt(admin, { claims: { scope: 'orders:delete' } }))).toBe(403)
    expect(counts().introspection).toBe(1)
  })

  it('refuses to start in jwt where a scope is needed', async () => {
    const auth = createAuth('jwt')
    // Express and Koa read it where the route is defined, Fastify where it is registered.
    await expect((async () => world.start(host, { auth, requirement: { scope: 'orders:write' } }))()).rejects.toThrow(
      expect.objectContaining({
        name: 'TypeError',
        message: expect.stringContaining('a requirement asks for a scope, and a JWT of ZITADEL has none'),
      }),
    )
  })

  it('answers 500 in auto where a handler asks a JWT for a scope without asking ZITADEL', async () => {
    const auth = createAuth('auto')
    const { url } = await world.start(host, { auth, requirementInHandler: { scope: 'orders:write' } })
    const answer = await ask(`${url}/authorize`, { authorization: `Bearer ${issueJwt(admin)}` })
    expect(answer).toMatchObject({ status: 500, body: 'internal server error\n' })
  })

  it('asks ZITADEL in auto about a JWT without the role, and lets it pass when the role was granted since', async () => {
    const status = await start(createAuth('auto'), { role: 'admin' })
    const user = createUser(`promoted-in-auto-${host.name}`)
    const token = issueJwt(user)
    expect(await status(token)).toBe(403)
    expect(counts().introspection).toBe(1)
    world.zitadel.grantRole(user, { project: world.project, role: 'admin' })
    expect(await status(token)).toBe(200)
    expect(counts().introspection).toBe(2)
    expect(await status(token)).toBe(200)
    expect(counts().introspection).toBe(2)
  })

  for (const [mode, what, issue] of [
    ['introspection', 'an opaque token', issueOpaque],
    ['auto', 'an opaque token', issueOpaque],
    ['auto', 'a JWT that has no roles', issueJwt],
  ] as const) {
    it(`honours in ${mode} a role that an organization granted a moment ago to the user of ${what}`, async () => {
      const requirementFor = (organization: string) => ({ role: 'admin', inOrganization: organization })
      const { url } = await world.start(host, { auth: createAuth(mode), requirementFor })
      const { zitadel, project } = world
      const customer = zitadel.createOrganization({ name: `${mode} ${what} ${host.name}` })
      const user = createUser(`granted-${mode}-${what}-${host.name}`)
      const token = issue(user)
      const status = async (organization: string) =>
        (await ask(`${url}/function/${organization}`, { authorization: `Bearer ${token}` })).status
      expect(await status(customer.id)).toBe(403)
      zitadel.grantRole(user, { project, role: 'admin', organizationId: customer.id })
      expect(await status(customer.id)).toBe(200)
      expect(await status(zitadel.organization.id)).toBe(403)
    })
  }

  it('does not ask about a JWT that has the role', async () => {
    const status = await start(createAuth('auto'), { role: 'admin' })
    expect(await status(issueJwt(admin))).toBe(200)
    expect(counts().introspection).toBe(0)
  })

  it('does not ask about a JWT without the role in jwt', async () => {
    const status = await start(createAuth('jwt'), { role: 'admin' })
    const user = createUser(`never-asked-${host.name}`)
    const token = issueJwt(user)
    world.zitadel.grantRole(user, { project: world.project, role: 'admin' })
    expect(await status(token)).toBe(403)
    expect(counts()).toEqual({ discovery: 1, keys: 1, introspection: 0 })
  })

  it('takes tokens of a new key at once, and those of the old one as long as it exists', async () => {
    const status = await start(createAuth('jwt', { cache: false }))
    const old = issueJwt(admin)
    expect(await status(old)).toBe(200)
    world.advanceSeconds(10)
    world.zitadel.rotateKeys({ algorithm: 'ES256' })
    expect(await status(issueJwt(admin))).toBe(200)
    expect(await status(old)).toBe(200)
    expect(counts().keys).toBe(2)
  })

  it.each(['RS384', 'RS512', 'ES256', 'ES384', 'ES512', 'EdDSA'] as const)(
    'takes tokens of a key for %s',
    async (algorithm) => {
      world.zitadel.rotateKeys({ algorithm })
      const status = await start(createAuth('auto'))
      expect(await status(issueJwt(admin))).toBe(200)
      expect(counts().introspection).toBe(0)
    },
  )

  it.each(['jwt', 'auto'] as const)('ends the trust in a deleted key within five minutes in %s', async (mode) => {
    const { keyId } = world.zitadel.rotateKeys({ algorithm: 'ES256' })
    const status = await start(createAuth(mode, { cache: false }))
    const token = issueJwt(admin)
    expect(await status(token)).toBe(200)
    world.zitadel.rotateKeys({ algorithm: 'ES256' })
    world.zitadel.deleteKey(keyId)
    world.advanceSeconds(299)
    expect(await status(token)).toBe(200)
    world.advanceSeconds(1)
    expect(await status(token)).toBe(401)
    expect(counts().introspection).toBe(0)
  })

  it('ends the trust in a deleted key sooner, as soon as a token brings a new one', async () => {
    const { keyId } = world.zitadel.rotateKeys({ algorithm: 'ES256' })
    const status = await start(createAuth('jwt', { cache: false }))
    const token = issueJwt(admin)
    expect(await status(token)).toBe(200)
    world.zitadel.rotateKeys({ algorithm: 'ES256' })
    world.zitadel.deleteKey(keyId)
    world.advanceSeconds(10)
    expect(await status(issueJwt(admin))).toBe(200)
    expect(await status(token)).toBe(401)
  })

  it('takes JWTs while ZITADEL is down, and answers 503 to opaque tokens', async () => {
    const status = await start(createAuth('auto', { cache: false }))
    const [token, opaque] = [issueJwt(admin), issueOpaque(admin)]
    expect([await status(token), await status(opaque)]).toEqual([200, 200])
    await world.zitadel.pause()
    expect([await status(token), await status(opaque)]).toEqual([200, 503])
    world.advanceSeconds(3_600)
    expect([await status(token), await status(opaque)]).toEqual([200, 503])
    world.advanceSeconds(301)
    expect([await status(token), await status(opaque)]).toEqual([503, 503])
    await world.zitadel.resume()
    world.advanceSeconds(60)
    expect([await status(token), await status(opaque)]).toEqual([200, 200])
  })

  it('answers 503 to JWTs where ZITADEL is down before its keys are known, and 200 with keys up front', async () => {
    const token = issueJwt(admin)
    const jwks = await (await fetch(`${world.zitadel.issuer}/oauth/v2/keys`)).json()
    const [without, given] = [await start(createAuth('jwt')), await start(createAuth('jwt', { jwks }))]
    await world.zitadel.pause()
    expect([await without(token), await given(token)]).toEqual([503, 200])
  })

  it('costs ZITADEL nothing when a JWT is forged, in any number', async () => {
    const status = await start(createAuth('auto', { revocationCheckSeconds: 60 }))
    const [header, , signature] = issueJwt(admin).split('.')
    const toPayload = (index: number) => Buffer.from(JSON.stringify({ sub: admin.id, index })).toString('base64url')
    const forged = Array.from({ length: 50 }, (_, index) => `${header}.${toPayload(index)}.${signature}`)
    expect(new Set(await Promise.all(forged.map(status)))).toEqual(new Set([401]))
    expect(counts()).toEqual({ discovery: 1, keys: 1, introspection: 0 })
  })

  it('refuses a revoked JWT in auto within revocationCheckSeconds, and never without', async () => {
    const [checked, unchecked] = [
      await start(createAuth('auto', { revocationCheckSeconds: 60 })),
      await start(createAuth('auto')),
    ]
    const user = createUser(`deactivated-${host.name}`)
    const token = issueJwt(user)
    expect([await checked(token), await unchecked(token)]).toEqual([200, 200])
    world.zitadel.deactivateUser(user)
    world.advanceSeconds(47.9)
    expect([await checked(token), await unchecked(token)]).toEqual([200, 200])
    expect(counts().introspection).toBe(1)
    // From then on an answer that is used is renewed, which nobody waits for, and nobody is refused on.
    world.advanceSeconds(12)
    expect([await checked(token), await unchecked(token)]).toEqual([200, 200])
    world.advanceSeconds(0.1)
    expect([await checked(token), await unchecked(token)]).toEqual([401, 200])
    expect(counts().introspection).toBe(3)
  })

  it('keeps a role in another project after ZITADEL was asked about a JWT', async () => {
    const shop = world.zitadel.createProject({ name: `shop-${host.name}` })
    world.zitadel.createRole(shop, 'buyer')
    const user = createUser(`buyer-${host.name}`)
    world.zitadel.grantRole(user, { project: shop, role: 'buyer' })
    const auth = createAuth('auto')
    const [buys, writes] = [
      await start(auth, { role: 'buyer', inProject: shop.id }),
      await start(auth, { scope: 'orders:write' }),
    ]
    const audience = (id: string) => `urn:zitadel:iam:org:project:id:${id}:aud`
    const roles = 'urn:zitadel:iam:org:projects:roles'
    const token = issueJwt(user, { scopes: ['orders:write', audience(world.project.id), audience(shop.id), roles] })
    expect([await buys(token), await writes(token), await buys(token)]).toEqual([200, 200, 200])
    expect(counts().introspection).toBe(1)
  })
})
