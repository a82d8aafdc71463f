import { describe, expect, it, vi } from 'vitest'
import { clients, type OpenRedisClient } from '../src/clients.js'
import { createRedisServer } from '../src/redis-server.js'
import { soon } from '../src/soon.js'
import { createWorld } from './world.js'

const open = clients['node-redis 6'] as OpenRedisClient
const refused = expect.objectContaining({ code: 'ERR_TOKEN_INVALID' })

describe('a Redis', () => {
  it('that is full is read on, and takes nobody’s access away', async () => {
    const { redis, startApi, issueToken, asked } = await createWorld(['--maxmemory-policy', 'noeviction'])
    await redis.start()
    const [first, second] = [await startApi({ open }), await startApi({ open })]
    const [before, after] = [issueToken(), issueToken()]
    await first.auth.authenticateToken(before)
    await first.untilQuiet()
    await redis.send('CONFIG', 'SET', 'maxmemory', '1mb')
    await first.auth.authenticateToken(after)
    await first.untilQuiet()
    await second.auth.authenticateToken(before)
    await second.auth.authenticateToken(after)
    await second.untilQuiet()
    expect(asked()).toBe(3)
    expect(first.logged).toEqual([
      '[zitadel-auth] the store of the cache fails (OOM), so ZITADEL is asked instead: give it more memory, or the maxmemory-policy allkeys-lru',
    ])
  })

  it('that is full still tells those who listen of a revocation, and the others when there is room', async () => {
    const { redis, startApi, issueToken, zitadel, user, clock } = await createWorld([
      '--maxmemory-policy',
      'noeviction',
    ])
    await redis.start()
    const [first, second] = [await startApi({ open }), await startApi({ open })]
    const deaf = await startApi({ open, store: { subscribe: undefined } })
    const token = issueToken()
    for (const api of [first, second, deaf]) {
      await api.auth.authenticateToken(token)
      await api.untilQuiet()
    }
    await redis.send('CONFIG', 'SET', 'maxmemory', '1mb')
    zitadel.lockUser(user)
    first.auth.forget({ userId: user.id })
    await vi.waitFor(() => expect(second.auth.authenticateToken(token)).rejects.toEqual(refused), soon)
    await redis.send('CONFIG', 'SET', 'maxmemory', '0')
    clock.advanceSeconds(1)
    await expect(first.auth.authenticateToken(token)).rejects.toEqual(refused)
    await first.untilQuiet()
    await expect(deaf.auth.authenticateToken(token)).rejects.toEqual(refused)
  })

  it('that is a read-only replica is read, and takes nobody’s access away', async () => {
    const { redis, startApi, issueToken, asked } = await createWorld(['--repl-diskless-sync-delay', '0'])
    await redis.start()
    await using replica = await createRedisServer(['--replicaof', '127.0.0.1', String(redis.port)])
    await replica.start()
    const primary = await startApi({ open })
    const api = await startApi({ open, port: replica.port })
    const [token, other] = [issueToken(), issueToken()]
    await primary.auth.authenticateToken(token)
    await vi.waitFor(async () => expect(await replica.dump()).toContain('answer:'), soon)
    await api.auth.authenticateToken(token)
    expect(asked()).toBe(1)
    await api.auth.authenticateToken(other)
    await api.untilQuiet()
    expect(api.logged).toEqual([expect.stringMatching(/fails \(READONLY\).*: connect the client to the primary/)])
  })

  it('that wants a password takes nobody’s access away, and the log asks for it', async () => {
    const { redis, startApi, issueToken, asked } = await createWorld(['--requirepass', 'the words of Redis'])
    await redis.start()
    const api = await startApi({ open: clients['ioredis 6'] as OpenRedisClient })
    await api.auth.authenticateToken(issueToken())
    await api.untilQuiet()
    expect(asked()).toBe(1)
    expect(api.logged).toEqual([expect.stringMatching(/fails \(NOAUTH\).*: give the client the password$/)])
    const right = await startApi({ open, password: 'the words of Redis' })
    await right.auth.authenticateToken(issueToken())
    await right.untilQuiet()
    expect(right.logged).toEqual([])
  })

  for (const [what, lose] of [
    ['was flushed', (redis: World['redis']) => redis.send('FLUSHALL')],
    ['was started again', (redis: World['redis']) => redis.stop().then(redis.start)],
  ] as const) {
    it(`that ${what} lets nobody in who was kept out by what it held`, async () => {
      const { redis, startApi, issueToken, zitadel, user, project, clock } = await createWorld()
      await redis.start()
      const auth = { verification: 'auto', projectId: project.id } as const
      const [first, second] = [await startApi({ open, auth }), await startApi({ open, auth })]
      const tokens = [issueToken(), issueToken('jwt')]
      for (const token of tokens) {
        await first.auth.authenticateToken(token)
        await second.auth.authenticateToken(token)
      }
      zitadel.lockUser(user)
      first.auth.forget({ userId: user.id })
      await vi.waitFor(
        () => Promise.all(tokens.map((token) => expect(second.auth.authenticateToken(token)).rejects.toEqual(refused))),
        soon,
      )
      await lose(redis)
      clock.advanceSeconds(6)
      for (const { auth: each } of [first, second]) {
        for (const token of tokens) await expect(each.authenticateToken(token)).rejects.toEqual(refused)
      }
    })

    it(`that ${what} gets the revocations again, for those who start later`, async () => {
      const { redis, startApi, issueToken, zitadel, user, project, clock } = await createWorld()
      await redis.start()
      const auth = { verification: 'auto', projectId: project.id } as const
      const first = await startApi({ open, auth })
      const jwt = issueToken('jwt')
      await first.auth.authenticateToken(issueToken())
      zitadel.lockUser(user)
      first.auth.forget({ userId: user.id })
      await first.untilQuiet()
      await lose(redis)
      await vi.waitFor(async () => {
        clock.advanceSeconds(5)
        await expect(first.auth.authenticateToken(jwt)).rejects.toEqual(refused)
        expect(await redis.dump()).toContain('marks:')
      }, soon)
      const later = await startApi({ open, auth })
      await vi.waitFor(() => expect(later.auth.authenticateToken(jwt)).rejects.toEqual(refused), soon)
    })
  }

  it('that fails shows nothing of tokens, users, keys and commands in the log', async () => {
    const { startApi, issueToken, user } = await createWorld()
    const api = await startApi({
      open,
      store: {
        sendCommand: (args) => Promise.reject(Object.assign(new Error(`ECONNREFUSED ${args.join(' ')}`), { args })),
      },
    })
    const token = issueToken()
    await api.auth.authenticateToken(token)
    api.auth.forget({ userId: user.id })
    await api.untilQuiet()
    expect(api.logged).toEqual([
      '[zitadel-auth] the store of the cache fails (ECONNREFUSED), so ZITADEL is asked instead: see whether it runs, and whether the client is connected to it',
    ])
  })
})

type World = Awaited<ReturnType<typeof createWorld>>
