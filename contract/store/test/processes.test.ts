import { setUpGuide, startLocalZitadel } from '@org/zitadel-auth-testing'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createRedisServer } from '../src/redis-server.js'
import { soon } from '../src/soon.js'
import { startProcess } from '../src/start-process.js'

/** For how long an answer of ZITADEL is used again. */
const ttlSeconds = 30

async function setUp(options: object) {
  const zitadel = await startLocalZitadel()
  const { key, project, user } = setUpGuide(zitadel)
  const redis = await createRedisServer()
  await redis.start()
  const auth = { domain: zitadel.issuer, key, projectId: project.id, ...options }
  const processes = await Promise.all([1, 2, 3].map(() => startProcess(redis.port, auth)))
  onTestFinished(async () => {
    await Promise.all(processes.map(({ stop }) => stop()))
    await redis[Symbol.asyncDispose]()
    await zitadel.close()
  })
  const issue = (type: 'opaque' | 'jwt') => zitadel.issueAccessToken(user, { type, audience: [project.id] })
  const tokens = [issue('opaque'), issue('jwt')]
  const [first, ...others] = processes as [Process, ...Process[]]
  const askAll = async (from: readonly Process[] = processes) =>
    (await Promise.all(from.map(({ ask }) => Promise.all(tokens.map(ask))))).flat()
  return { zitadel, user, redis, first, others, askAll }
}

type Process = Awaited<ReturnType<typeof startProcess>>

const modes = [{ verification: 'introspection' }, { verification: 'auto' }] as const

describe('of three processes', () => {
  for (const options of modes) {
    it(`every one refuses a locked user, soon after one of them was told: ${options.verification}`, async () => {
      const { zitadel, user, redis, first, askAll } = await setUp(options)
      expect(await askAll()).toEqual(Array(6).fill(user.id))
      await vi.waitFor(
        async () =>
          expect(await redis.send('PUBSUB', 'NUMSUB', 'zitadel-auth:revoked')).toEqual(['zitadel-auth:revoked', 3]),
        soon,
      )
      zitadel.lockUser(user)
      await first.forget({ userId: user.id })
      // A second is what waitFor waits.
      await vi.waitFor(async () => expect(await askAll()).toEqual(Array(6).fill('ERR_TOKEN_INVALID')))
    })
  }

  for (const options of [modes[0], { ...modes[1], revocationCheckSeconds: ttlSeconds }]) {
    it(`every one refuses a locked user within the time of the cache where Redis is down: ${options.verification}`, async () => {
      const { zitadel, user, redis, first, others, askAll } = await setUp(options)
      expect(await askAll()).toEqual(Array(6).fill(user.id))
      await redis.stop()
      zitadel.lockUser(user)
      await first.forget({ userId: user.id })
      expect(await askAll([first])).toEqual(Array(2).fill('ERR_TOKEN_INVALID'))
      expect(await askAll(others)).toEqual(Array(4).fill(user.id))
      await Promise.all(others.map(({ advance }) => advance(ttlSeconds)))
      expect(await askAll()).toEqual(Array(6).fill('ERR_TOKEN_INVALID'))
    })
  }

  it('every one hears of a revocation once Redis is back', async () => {
    const { zitadel, user, redis, first, others, askAll } = await setUp({ verification: 'auto' })
    await askAll()
    await redis.stop()
    zitadel.lockUser(user)
    await first.forget({ userId: user.id })
    await redis.start()
    await vi.waitFor(async () => {
      await Promise.all([first, ...others].map(({ advance }) => advance(1)))
      expect(await askAll()).toEqual(Array(6).fill('ERR_TOKEN_INVALID'))
    }, soon)
  })
})
