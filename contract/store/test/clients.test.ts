import { describe, expect, it, vi } from 'vitest'
import { clients, type OpenRedisClient } from '../src/clients.js'
import { soon } from '../src/soon.js'
import { createWorld, turn } from './world.js'

const refused = expect.objectContaining({ code: 'ERR_TOKEN_INVALID' })

describe.each(Object.entries(clients))('with %s', (_name, open) => {
  it('what one process has asked the others need not ask', async () => {
    const { redis, startApi, issueToken, asked, user } = await createWorld()
    await redis.start()
    const [first, second] = [await startApi({ open }), await startApi({ open })]
    const token = issueToken()
    await first.auth.authenticateToken(token)
    await first.untilQuiet()
    const context = await second.auth.authenticateToken(token, { role: 'admin' })
    expect([context.userId, asked(), second.logged]).toEqual([user.id, 1, []])
  })

  it('what is revoked in one process is revoked in all, at once by a subscription', async () => {
    const { redis, startApi, issueToken, zitadel, user } = await createWorld()
    await redis.start()
    const [first, second] = [await startApi({ open }), await startApi({ open })]
    const token = issueToken()
    await second.auth.authenticateToken(token)
    await untilSubscribed(redis)
    zitadel.lockUser(user)
    first.auth.forget({ userId: user.id })
    await vi.waitFor(() => expect(second.auth.authenticateToken(token)).rejects.toEqual(refused), soon)
    expect(second.logged).toEqual([])
  })

  it('what is revoked in one process is revoked in all, in a second without a subscription', async () => {
    const { redis, startApi, issueToken, zitadel, user, clock } = await createWorld()
    await redis.start()
    const [first, second] = [await startApi({ open }), await startApi({ open, store: { subscribe: undefined } })]
    const token = issueToken()
    await second.auth.authenticateToken(token)
    await second.untilQuiet()
    zitadel.lockUser(user)
    first.auth.forget({ userId: user.id })
    await first.untilQuiet()
    clock.advanceSeconds(1)
    await expect(second.auth.authenticateToken(token)).rejects.toEqual(refused)
  })

  it('what is revoked in one process is revoked in one that was idle, though its subscription has died', async () => {
    const { redis, startApi, issueToken, zitadel, user, clock } = await createWorld()
    await redis.start()
    const [first, second] = [await startApi({ open }), await startApi({ open: openDeaf(open) })]
    const token = issueToken()
    await second.auth.authenticateToken(token)
    await second.untilQuiet()
    zitadel.lockUser(user)
    first.auth.forget({ userId: user.id })
    await first.untilQuiet()
    clock.advanceSeconds(2)
    await expect(second.auth.authenticate(`Bearer ${token}`)).rejects.toEqual(refused)
  })

  it('a hundred requests with a cached token wait for one look at what was revoked', async () => {
    const { redis, startApi, issueToken, clock, asked } = await createWorld()
    await redis.start()
    const api = await startApi({ open, store: { subscribe: undefined } })
    const token = issueToken()
    await api.auth.authenticateToken(token)
    await api.untilQuiet()
    clock.advanceSeconds(1)
    const stop = await redis.monitor()
    await Promise.all(Array.from({ length: 100 }, () => api.auth.authenticate(`Bearer ${token}`)))
    expect([(await stop()).match(/"LINDEX"/g)?.length, asked()]).toEqual([1, 1])
  })

  it('a revocation is known to a process that starts later', async () => {
    const { redis, startApi, issueToken, zitadel, user, project } = await createWorld()
    await redis.start()
    const auth = { verification: 'auto', projectId: project.id } as const
    const first = await startApi({ open, auth })
    const [token, jwt] = [issueToken(), issueToken('jwt')]
    await first.auth.authenticateToken(token)
    await first.untilQuiet()
    zitadel.lockUser(user)
    first.auth.forget({ userId: user.id })
    await first.untilQuiet()
    const later = await startApi({ open, auth })
    await expect(later.auth.authenticateToken(jwt)).rejects.toEqual(refused)
    await expect(later.auth.authenticateToken(token)).rejects.toEqual(refused)
  })

  it('a Redis that is down at the start lets requests wait for the deadline five times, and comes back without a restart', async () => {
    const { redis, startApi, issueToken, asked, clock } = await createWorld()
    const [first, second] = [await startApi({ open }), await startApi({ open })]
    for (let requests = 1; requests <= 5; requests += 1) {
      const request = first.auth.authenticateToken(issueToken())
      await turn()
      clock.advanceSeconds(0.1)
      await request
    }
    const reads = first.reads()
    const token = issueToken()
    await first.auth.authenticateToken(token)
    expect([first.reads(), asked()]).toEqual([reads, 6])
    await redis.start()
    await vi.waitFor(async () => {
      clock.advanceSeconds(5)
      await first.auth.authenticateToken(issueToken())
      await turn()
      expect(await redis.dump()).toContain('zitadel-auth:answer:')
    }, soon)
    const shared = issueToken()
    await vi.waitFor(async () => {
      clock.advanceSeconds(5)
      const before = asked()
      await first.auth.authenticateToken(shared)
      await first.untilQuiet()
      await second.auth.authenticateToken(shared)
      expect(asked() - before).toBeLessThan(2)
    }, soon)
  })

  it('a Redis that goes down later takes nobody’s access away, and comes back without a restart', async () => {
    const { redis, startApi, issueToken, asked, clock } = await createWorld()
    await redis.start()
    const api = await startApi({ open })
    await api.auth.authenticateToken(issueToken())
    await api.untilQuiet()
    await redis.stop()
    for (let requests = 1; requests <= 5; requests += 1) {
      const request = api.auth.authenticateToken(issueToken())
      await turn()
      clock.advanceSeconds(0.1)
      await request
    }
    const reads = api.reads()
    await api.auth.authenticateToken(issueToken())
    expect([api.reads(), asked()]).toEqual([reads, 7])
    await redis.start()
    await vi.waitFor(async () => {
      clock.advanceSeconds(5)
      await api.auth.authenticateToken(issueToken())
      await turn()
      expect(await redis.dump()).toContain('zitadel-auth:answer:')
    }, soon)
  })

  it('a Redis that takes commands and answers none costs the deadline five times, and then nothing', async () => {
    const { redis, startApi, issueToken, clock } = await createWorld()
    await redis.start()
    const api = await startApi({ open })
    await api.auth.authenticateToken(issueToken())
    await api.untilQuiet()
    redis.pause()
    for (let requests = 1; requests <= 5; requests += 1) {
      const request = api.auth.authenticateToken(issueToken())
      await turn()
      expect(api.unanswered()).toBeGreaterThan(0)
      clock.advanceSeconds(0.1)
      await request
    }
    const reads = api.reads()
    await api.auth.authenticateToken(issueToken())
    expect(api.reads()).toBe(reads)
    redis.resume()
    await vi.waitFor(async () => {
      clock.advanceSeconds(5)
      const before = api.reads()
      await api.auth.authenticateToken(issueToken())
      expect(api.reads() - before).toBe(1)
    }, soon)
  })

  it('a Redis that takes commands and answers none costs a cached token the deadline once a second, five times', async () => {
    const { redis, startApi, issueToken, clock, asked } = await createWorld()
    await redis.start()
    const api = await startApi({ open, store: { subscribe: undefined } })
    const header = `Bearer ${issueToken()}`
    await api.auth.authenticate(header)
    await api.untilQuiet()
    redis.pause()
    for (let seconds = 1; seconds <= 5; seconds += 1) {
      clock.advanceSeconds(1)
      const request = api.auth.authenticate(header)
      await expect(Promise.race([request, turn()])).resolves.toBeUndefined()
      clock.advanceSeconds(0.1)
      await request
      await api.auth.authenticate(header)
    }
    clock.advanceSeconds(1)
    await api.auth.authenticate(header)
    expect(asked()).toBe(1)
    redis.resume()
  })
})

/** Opens a client whose subscription tells nothing, as one that has died does. */
function openDeaf(open: OpenRedisClient): OpenRedisClient {
  return async (options) => ({ ...(await open(options)), subscribe: async () => {} })
}

async function untilSubscribed(redis: Awaited<ReturnType<typeof createWorld>>['redis']): Promise<void> {
  await vi.waitFor(
    async () =>
      expect(await redis.send('PUBSUB', 'NUMSUB', 'zitadel-auth:revoked')).toEqual(['zitadel-auth:revoked', 1]),
    soon,
  )
}
