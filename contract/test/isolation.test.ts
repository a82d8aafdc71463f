import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { ask } from '../src/ask.js'
import { hosts } from '../src/hosts/index.js'
import { createWorld, type World } from '../src/world.js'

let world: World
let other: World
const unhandled: unknown[] = []
const onUnhandled = (reason: unknown): void => void unhandled.push(reason)

beforeAll(async () => {
  process.on('unhandledRejection', onUnhandled)
  world = await createWorld()
  other = await createWorld()
})
afterEach(() => {
  world.zitadel.recover()
  world.zitadel.resetRequests()
})
afterAll(async () => {
  process.off('unhandledRejection', onUnhandled)
  await Promise.all([world.close(), other.close()])
})

describe.each(hosts)('$name', (host) => {
  it('keeps two issuers apart', async () => {
    const api = await world.start(host, { second: other.createAuth() })
    const outcome = async (route: string, { token }: World) =>
      (await ask(`${api.url}${route}`, { authorization: `Bearer ${token}` })).status
    expect(await outcome('/required', world)).toBe(200)
    expect(await outcome('/second', other)).toBe(200)
    expect(await outcome('/required', other)).toBe(401)
    expect(await outcome('/second', world)).toBe(401)
  })

  it("leaves an error of the user's handler to the application, whatever it looks like", async () => {
    const api = await world.start(host)
    const answer = await ask(`${api.url}/crash`, { authorization: `Bearer ${world.token}` })
    expect(answer).toMatchObject({ status: 418, headers: { 'content-type': expect.stringContaining('json') } })
    expect(answer.headers).not.toHaveProperty('www-authenticate')
    expect(JSON.parse(answer.body)).toMatchObject({ message: 'the handler crashed' })
  })

  for (const reason of [undefined, null, false, 0, '', 'route', 'router']) {
    it(`lets nobody pass whose check rejects with ${JSON.stringify(reason)}, on any route`, async () => {
      const handled: unknown[] = []
      const requirement = { check: () => Promise.reject(reason) }
      const requirementInHandler = {
        check: () => {
          throw reason
        },
      }
      const api = await world.start(host, {
        ...{ requirement, requirementInHandler },
        onHandled: (context) => void handled.push(context),
      })
      const answers = ['/required', '/optional', '/authorize'].map((route) =>
        ask(`${api.url}${route}`, { authorization: `Bearer ${world.token}` }),
      )
      expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([500, 500, 500])
      expect(handled).toEqual([])
    })
  }

  it('says clearly that a route is not protected when its handler asks for the context', async () => {
    const api = await world.start(host)
    const answer = await ask(`${api.url}/unprotected`, { authorization: `Bearer ${world.token}` })
    expect(JSON.parse(answer.body)).toMatchObject({
      name: 'TypeError',
      message: expect.stringContaining('not protected'),
    })
    expect(answer.status).toBe(500)
  })

  it('hands a refusal with its headers to the application that wants to answer itself', async () => {
    const api = await world.start(host, { onRefusal: 'throw' })
    const answer = await ask(`${api.url}/required`)
    expect(answer).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } })
    expect(JSON.parse(answer.body)).toMatchObject({ name: 'AuthorizationError' })
  })

  for (const [what, endpoint, toToken] of [
    ['share a question about a bad token', 'introspection', () => 'nobody-issued-this'],
    ['wait for ZITADEL to be found', 'discovery', (index: number) => `token-${index}`],
  ] as const) {
    it(`gives requests that ${what} an error of their own`, async () => {
      const api = await world.start(host, { onRefusal: 'throw' })
      const hold = world.zitadel.hold(endpoint)
      world.zitadel.fail('discovery', { status: 500 }, { times: endpoint === 'discovery' ? 1 : 0 })
      const ids = ['a', 'b', 'c', 'd']
      const answers = ids.map((id, index) =>
        ask(`${api.url}/required`, {
          authorization: `Bearer ${toToken(index)}`,
          headers: { 'x-request-id': id },
        }),
      )
      await hold.untilWaiting(1)
      hold.release()
      const bodies = (await Promise.all(answers)).map(({ body }) => JSON.parse(body))
      expect(bodies.map(({ requestId }) => requestId)).toEqual(ids)
      expect(new Set(bodies.map(({ name }) => name))).toEqual(new Set(['AuthorizationError']))
    })
  }

  it('gives every one of many concurrent requests its own context', async () => {
    const api = await world.start(host)
    const users = Array.from({ length: 20 }, (_, index) => world.createUser(`concurrent-${host.name}-${index}`))
    const answers = await Promise.all(
      [...users, ...users].map(({ token }) => ask(`${api.url}/required`, { authorization: `Bearer ${token}` })),
    )
    expect(answers.map(({ body }) => JSON.parse(body).userId)).toEqual([...users, ...users].map(({ id }) => id))
  })

  it('asks ZITADEL once for a hundred concurrent requests with one token', async () => {
    const api = await world.start(host)
    const hold = world.zitadel.hold('introspection')
    const answers = Array.from({ length: 100 }, () =>
      ask(`${api.url}/required`, { authorization: `Bearer ${world.token}` }),
    )
    await hold.untilWaiting(1)
    hold.release()
    expect(new Set((await Promise.all(answers)).map(({ status }) => status))).toEqual(new Set([200]))
    expect(world.zitadel.requests).toMatchObject({ discovery: 1, introspection: 1 })
  })

  it('writes nothing to stderr for a refused request, and leaves no promise unhandled', async () => {
    const api = await world.start(host)
    const write = process.stderr.write
    const written: unknown[] = []
    process.stderr.write = (chunk: unknown) => written.push(chunk) > 0
    await ask(`${api.url}/required`).finally(() => {
      process.stderr.write = write
    })
    expect(written).toEqual([])
    expect(unhandled).toEqual([])
  })
})
