import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clients, type OpenRedisClient } from '../src/clients.js'
import { createWorld } from './world.js'

const open = clients['node-redis 6'] as OpenRedisClient
const refused = expect.objectContaining({ code: 'ERR_TOKEN_INVALID' })
const denied = expect.objectContaining({ code: 'ERR_PERMISSION_DENIED' })

/** An admin whose answer is in the store, and somebody who is none. */
async function setUp() {
  const world = await createWorld()
  await world.redis.start()
  const { redis, zitadel, project, clock, startApi, issueToken, asked } = world
  const other = zitadel.createServiceUser({ userName: 'other' })
  const [admins, others] = [issueToken(), zitadel.issueAccessToken(other, { audience: [project.id] })]
  const writer = await startApi({ open })
  const findNames = () => redis.send('KEYS', '*answer:*') as Promise<string[]>
  await writer.auth.authenticateToken(admins)
  await writer.untilQuiet()
  const [first] = await findNames()
  await writer.auth.authenticateToken(others)
  await writer.untilQuiet()
  const names = (await findNames()).sort((name) => (name === first ? -1 : 1))
  const values = await Promise.all(names.map((name) => redis.send('GET', name) as Promise<string>))
  expect(names).toHaveLength(2)
  zitadel.resetRequests()
  return { ...world, clock, writer, admins, others, names, values, asked }
}

describe('whoever can write to Redis', () => {
  for (const [what, poison, questions] of [
    ['swaps answers', ([admins, others]) => [others, admins], 2],
    ['gives everybody the answer of an admin', ([admins]) => [admins, admins], 1],
    ['gives everybody the answer of somebody else', ([, others]) => [others, others], 2],
    ['cuts answers', (values) => values.map((value) => value.slice(0, -3)), 2],
    ['empties answers', (values) => values.map(() => ''), 2],
    ['makes answers longer', (values) => values.map((value) => `${value}AAAA`), 2],
    ['writes JSON', (values) => values.map(() => JSON.stringify({ askedAtMs: 1e15, claims: { sub: 'admin' } })), 2],
  ] as const satisfies readonly (readonly [string, Poison, number])[]) {
    it(`and ${what} makes nobody an admin, and only makes ZITADEL be asked`, async () => {
      const { redis, startApi, admins, others, names, values, user, asked } = await setUp()
      const poisoned = (poison as Poison)(values)
      for (const [index, name] of names.entries()) await redis.send('SET', name, String(poisoned[index]))
      const api = await startApi({ open })
      await expect(api.auth.authenticateToken(others, { role: 'admin' })).rejects.toEqual(denied)
      const context = await api.auth.authenticateToken(admins, { role: 'admin' })
      expect([context.userId, asked()]).toEqual([user.id, questions])
      expect(api.logged).toEqual([])
    })
  }

  it('and changes any byte makes nobody an admin', async () => {
    const { redis, startApi, admins, others, names, values, user, zitadel } = await setUp()
    zitadel.revokeAccessToken(others)
    zitadel.resetRequests()
    const shared = { ...(await open({ port: redis.port })), close() {} }
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 255 }), fc.nat(1), async (at, bits, which) => {
        const bytes = Buffer.from(values[which] as string, 'base64url')
        const index = at % bytes.length
        bytes[index] = (bytes[index] as number) ^ bits
        for (const name of names) await redis.send('SET', name, bytes.toString('base64url'))
        const api = await startApi({ open: async () => shared })
        await expect(api.auth.authenticateToken(others)).rejects.toEqual(refused)
        expect((await api.auth.authenticateToken(admins)).userId).toBe(user.id)
      }),
      { numRuns: 40 },
    )
  }, 60_000)

  it('and writes an answer again after its time makes it last no longer', async () => {
    const { redis, startApi, admins, names, values, zitadel, user, clock } = await setUp()
    zitadel.lockUser(user)
    clock.advanceSeconds(30)
    for (const [index, name] of names.entries()) await redis.send('SET', name, values[index] as string)
    const api = await startApi({ open })
    await expect(api.auth.authenticateToken(admins)).rejects.toEqual(refused)
  })

  it('and has one from the future gains nothing', async () => {
    const { startApi, admins, zitadel, user, clock } = await setUp()
    zitadel.lockUser(user)
    clock.setNowSeconds(-5.001)
    const api = await startApi({ open })
    await expect(api.auth.authenticateToken(admins)).rejects.toEqual(refused)
  })

  it('and writes an answer again after a revocation gains nothing', async () => {
    const { redis, startApi, admins, names, values, zitadel, user, writer } = await setUp()
    zitadel.lockUser(user)
    writer.auth.forget({ userId: user.id })
    await writer.untilQuiet()
    for (const [index, name] of names.entries()) await redis.send('SET', name, values[index] as string)
    const api = await startApi({ open })
    await expect(api.auth.authenticateToken(admins)).rejects.toEqual(refused)
    await expect(writer.auth.authenticateToken(admins)).rejects.toEqual(refused)
  })

  it('and deletes the marks makes a revocation take the time of the cache, and no longer', async () => {
    const { redis, startApi, admins, zitadel, user, writer, clock } = await setUp()
    zitadel.lockUser(user)
    writer.auth.forget({ userId: user.id })
    await writer.untilQuiet()
    for (const name of (await redis.send('KEYS', '*marks:*')) as string[]) await redis.send('DEL', name)
    const api = await startApi({ open })
    await api.auth.authenticateToken(admins)
    clock.advanceSeconds(30)
    await expect(api.auth.authenticateToken(admins)).rejects.toEqual(refused)
  })

  it('and publishes and lists what he likes makes nobody forget anything', async () => {
    const { redis, startApi, admins, names, values, asked } = await setUp()
    const api = await startApi({ open })
    await api.auth.authenticateToken(admins)
    const [marks = ''] = names.map((name) => name.replace('answer', 'marks'))
    for (const text of ['', 'all', '{"name":"all"}', ...values, 'x'.repeat(100_000)]) {
      await redis.send('PUBLISH', 'zitadel-auth:revoked', text)
      await redis.send('LPUSH', marks, text)
    }
    await api.auth.authenticateToken(admins)
    expect([asked(), api.logged]).toEqual([0, []])
  })
})

describe('whoever can read Redis', () => {
  it('finds neither tokens, ids, roles nor addresses, in it or on the way to it', async () => {
    const { redis, startApi, zitadel, user, key, project } = await createWorld()
    await redis.start()
    const seen = await redis.monitor()
    const auth = { verification: 'auto', projectId: project.id } as const
    const [first, second] = [await startApi({ open, auth }), await startApi({ open, auth })]
    const token = zitadel.issueAccessToken(user, { audience: [project.id], scopes: ['openid', 'profile', 'email'] })
    const jwt = zitadel.issueAccessToken(user, { type: 'jwt', audience: [project.id] })
    for (const { auth: each, untilQuiet } of [first, second]) {
      const { claims } = await each.authenticateToken(token, { role: 'admin' })
      expect(JSON.stringify(claims)).toContain('admin')
      await each.authenticateToken(jwt)
      await untilQuiet()
    }
    for (const target of [{ userId: user.id }, { token }, { token: jwt }, { tokenId: 'V2_1-at_1' }]) {
      first.auth.forget(target)
      await first.untilQuiet()
    }
    const texts = [await redis.dump(), await seen()].join('\n')
    expect(texts).toContain('zitadel-auth:answer:')
    expect(texts).toMatch(/"?publish"? "zitadel-auth:revoked"/i)
    for (const secret of [
      token,
      jwt,
      user.id,
      user.userName,
      project.id,
      key.clientId,
      zitadel.issuer,
      'admin',
      'V2_1-at_1',
      'user ',
    ]) {
      for (const form of [
        secret,
        Buffer.from(secret).toString('base64url').slice(0, -2),
        Buffer.from(secret).toString('hex'),
      ]) {
        expect(texts).not.toContain(form)
      }
    }
  })
})

/** What becomes of the answers: first that of an admin, then that of somebody else. */
type Poison = (values: readonly string[]) => readonly (string | undefined)[]
