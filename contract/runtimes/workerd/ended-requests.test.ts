import { once } from 'node:events'
import { request } from 'node:http'
import { describe, expect, it } from 'vitest'
import { ask } from '../../src/ask.js'
import { type Guide, issueJwt, startGuide } from '../zitadel.js'
import { type RunningWorker, startWorker } from './start-worker.js'

/** Whom others wait for, by the endpoint at which ZITADEL takes its time. */
const cases = [
  ['introspection', { cache: undefined }, ({ token }: Guide) => token],
  ['introspection', { cache: false }, ({ token }: Guide) => token],
  ['discovery', { cache: undefined }, ({ token }: Guide) => token],
  ['discovery', { verification: 'jwt' }, issueJwt],
  ['keys', { verification: 'jwt' }, issueJwt],
] as const

/** Requests are handled in the order in which they come: what was sent before this one has been begun. */
async function untilHandled({ url }: RunningWorker): Promise<void> {
  expect((await ask(url)).status).toBe(401)
}

const files = ['worker.ts', 'protected-worker.ts'] as const
const everywhere = files.flatMap((file) => cases.map((one) => [file, ...one] as const))

describe.each(everywhere)('a question of %s to %s, with %j', (file, endpoint, options, createToken) => {
  async function setUp() {
    const guide = await startGuide()
    const { zitadel, key, project } = guide
    const own = { domain: zitadel.issuer, key, projectId: project.id, maxConcurrentRequests: 1, ...options }
    const worker = await startWorker(own, {}, file)
    return { worker, token: createToken(guide), hold: zitadel.hold(endpoint) }
  }

  it('goes on when the application has answered before ZITADEL', async () => {
    const { worker, token, hold } = await setUp()
    expect(await worker.status(token, '/impatient')).toBe(504)
    const others = [worker.status(token), worker.status(token)]
    await untilHandled(worker)
    hold.release()
    expect(await Promise.all([...others, worker.status(token)])).toEqual([200, 200, 200])
  })

  it('goes on when the client of the request has hung up', async () => {
    const { worker, token, hold } = await setUp()
    const first = request(worker.url, { agent: false, headers: { authorization: `Bearer ${token}` } })
    const gone = once(first.end(), 'error')
    await hold.untilWaiting(1)
    first.socket?.resetAndDestroy()
    await gone
    const others = [worker.status(token), worker.status(token)]
    await untilHandled(worker)
    hold.release()
    expect(await Promise.all([...others, worker.status(token)])).toEqual([200, 200, 200])
  })
})

it('asks next for those who wait, with the cache off, though the first of them has gone', async () => {
  const { zitadel, key, token } = await startGuide()
  const worker = await startWorker({ domain: zitadel.issuer, key, cache: false })
  const hold = zitadel.hold('introspection')
  const first = worker.status(token)
  await hold.untilWaiting(1)
  expect(await worker.status(token, '/impatient')).toBe(504)
  const others = [worker.status(token), worker.status(token)]
  await untilHandled(worker)
  hold.release()
  expect(await Promise.all([first, ...others])).toEqual([200, 200, 200])
  expect(zitadel.requests.introspection).toBe(2)
})
