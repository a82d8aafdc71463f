import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ask } from '../src/ask.js'
import { hosts } from '../src/hosts/index.js'
import { createWorld, type World } from '../src/world.js'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
beforeEach(() => world.zitadel.resetRequests())
afterAll(() => world.close())

const introspections = (): number => world.zitadel.requests.introspection

describe.each(hosts)('$name', (host) => {
  const outcome = async (url: string, token: string): Promise<number> =>
    (await ask(`${url}/required`, { authorization: `Bearer ${token}` })).status

  it('asks ZITADEL again when 30 seconds have passed, and not in the first 24', async () => {
    const { url } = await world.start(host)
    await outcome(url, world.token)
    world.advanceSeconds(23.999)
    await outcome(url, world.token)
    expect(introspections()).toBe(1)
    world.advanceSeconds(6.001)
    await outcome(url, world.token)
    expect(introspections()).toBe(2)
  })

  it('refuses a token from the second it expires, whatever is remembered of it', async () => {
    const { url } = await world.start(host)
    const token = world.zitadel.issueAccessToken(world.user, { audience: [world.project.id], expiresInSeconds: 10 })
    expect(await outcome(url, token)).toBe(200)
    world.advanceSeconds(8.9)
    expect(await outcome(url, token)).toBe(200)
    expect(introspections()).toBe(1)
    world.advanceSeconds(1.1)
    expect(await outcome(url, token)).toBe(401)
  })

  it('does not remember that a token was inactive', async () => {
    const { url } = await world.start(host)
    const inactive = { status: 200, headers: { 'content-type': 'application/json' }, body: '{"active":false}' }
    world.zitadel.fail('introspection', inactive, { times: 1 })
    expect(await outcome(url, world.token)).toBe(401)
    expect(await outcome(url, world.token)).toBe(200)
  })

  it('lets a new role work at once, though the answer without it is remembered', async () => {
    const { id, token } = world.createUser(`promoted-${host.name}`)
    const { url } = await world.start(host, { requirement: { role: 'admin' } })
    expect(await outcome(url, token)).toBe(403)
    expect(introspections()).toBe(1)
    expect(await outcome(url, token)).toBe(403)
    expect(introspections()).toBe(2)
    world.zitadel.grantRole({ ...world.user, id }, { project: world.project, role: 'admin' })
    expect(await outcome(url, token)).toBe(200)
    expect(introspections()).toBe(3)
    expect(await outcome(url, token)).toBe(200)
    expect(introspections()).toBe(3)
  })

  it('lets a revoked role work until the answer that granted it is forgotten', async () => {
    const { id, token } = world.createUser(`demoted-${host.name}`, 'admin')
    const { url } = await world.start(host, { requirement: { role: 'admin' } })
    expect(await outcome(url, token)).toBe(200)
    world.zitadel.revokeRole({ ...world.user, id }, { project: world.project, role: 'admin' })
    expect(await outcome(url, token)).toBe(200)
    world.advanceSeconds(30)
    expect(await outcome(url, token)).toBe(403)
  })

  it('forgets a user when it is told to', async () => {
    const { id, token } = world.createUser(`forgotten-${host.name}`, 'admin')
    const auth = world.createAuth()
    const { url } = await world.start(host, { auth, requirement: { role: 'admin' } })
    await outcome(url, token)
    world.zitadel.revokeRole({ ...world.user, id }, { project: world.project, role: 'admin' })
    auth.forget({ userId: id })
    expect(await outcome(url, token)).toBe(403)
  })

  it('asks for every request when the cache is off', async () => {
    const { url } = await world.start(host, { auth: world.createAuth({ cache: false }) })
    await outcome(url, world.token)
    await outcome(url, world.token)
    expect(introspections()).toBe(2)
  })
})
