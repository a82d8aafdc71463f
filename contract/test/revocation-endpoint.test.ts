import { createHmac } from 'node:crypto'
import { createLogoutTokenReader } from '@org/zitadel-auth/events'
import type { User } from '@org/zitadel-auth-testing'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { ask } from '../src/ask.js'
import type { Host, RunningApi } from '../src/host.js'
import { hosts } from '../src/hosts/index.js'
import { createWorld, type World } from '../src/world.js'

const signingKey = 'the signing key of the target'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterEach(() => {
  world.zitadel.recover()
  world.logged.splice(0)
})
afterAll(() => world.close())

const startApi = (host: Host, options: object = { signingKey }) => {
  const logger = { warn: (line: string) => void world.logged.push(line), error: () => {} }
  return world.start(host, { revocation: { ...options, logger, clock: { now: world.now } } })
}
const statusOf = async (api: RunningApi, token: string) =>
  (await ask(`${api.url}/required`, { authorization: `Bearer ${token}` })).status

const json = { 'content-type': 'application/json' }
const event = (type: string, aggregateID: string) => JSON.stringify({ event_type: type, aggregateID })
const sign = (body: string, key = signingKey, seconds = Math.floor(world.now() / 1_000)) =>
  `t=${seconds},v1=${createHmac('sha256', key).update(`${seconds}.${body}`).digest('hex')}`
const send = (api: RunningApi, body: string, headers: Readonly<Record<string, string>> = {}, path = '/events') =>
  ask(`${api.url}${path}`, { method: 'POST', headers: { ...json, 'zitadel-signature': sign(body), ...headers }, body })
const sendForm = (api: RunningApi, body: string) =>
  ask(`${api.url}/events`, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body })

describe.each(hosts)('$name: a revocation endpoint', (host) => {
  for (const [what, change] of [
    ['is locked', (user: User) => world.zitadel.lockUser(user)],
    ['is deactivated', (user: User) => world.zitadel.deactivateUser(user)],
    ['is removed', (user: User) => world.zitadel.removeUser(user)],
  ] as const) {
    it(`lets ZITADEL end the access of a user who ${what} before the cached answer is old`, async () => {
      const api = await startApi(host)
      const target = world.zitadel.createTarget({ endpoint: `${api.url}/events`, signingKey })
      const user = world.createUser(`${host.name} ${what}`)
      expect(await statusOf(api, user.token)).toBe(200)

      change(user)
      await world.zitadel.untilDelivered()
      world.zitadel.removeTarget(target)
      expect(await statusOf(api, user.token)).toBe(401)
    })
  }

  it('ends the access of whoever has logged out, by a back-channel logout', async () => {
    const application = world.zitadel.createWebApplication(world.project)
    const readLogoutToken = createLogoutTokenReader({
      domain: world.zitadel.issuer,
      clientId: application.clientId,
      clock: { now: world.now },
    })
    const api = await startApi(host, { readLogoutToken })
    const person = world.zitadel.createHumanUser({ userName: `person of ${host.name}` })
    const token = world.zitadel.issueAccessToken(person, { audience: [world.project.id] })
    expect(await statusOf(api, token)).toBe(200)

    const logoutToken = world.zitadel.issueLogoutToken(person, { clientId: application.clientId })
    world.zitadel.lockUser(person)
    expect(await statusOf(api, token)).toBe(200)
    expect((await sendForm(api, `logout_token=${logoutToken}`)).status).toBe(200)
    expect(await statusOf(api, token)).toBe(401)
  })

  it('answers 200 without a word, and remembers nothing that others could', async () => {
    const api = await startApi(host)

    expect(await send(api, event('user.locked', '1'))).toMatchObject({
      status: 200,
      body: '',
      headers: { 'content-length': '0', 'cache-control': 'no-store' },
    })
  })

  it('takes no token for a signature, and forgets nothing by a request that is not signed', async () => {
    const api = await startApi(host)
    const user = world.createUser(`unsigned at ${host.name}`)
    await statusOf(api, user.token)
    world.zitadel.lockUser(user)
    const body = event('user.locked', user.id)
    const answers = [
      await send(api, body, { 'zitadel-signature': '' }),
      await send(api, body, { authorization: `Bearer ${world.token}`, 'zitadel-signature': sign(body, 'another key') }),
      await send(api, body, { 'zitadel-signature': sign(body, signingKey, Math.floor(world.now() / 1_000) - 301) }),
      await send(api, event('user.locked', '1'), { 'zitadel-signature': sign(body) }),
    ]

    expect(answers.map(({ status, headers, body }) => [status, headers['www-authenticate'], body])).toEqual(
      answers.map(() => [401, 'ZITADEL-Signature', 'unauthorized\n']),
    )
    expect(await statusOf(api, user.token)).toBe(200)
  })

  it('says why to the logger, once a minute, and to nobody else', async () => {
    const api = await startApi(host)
    await send(api, '{}', { 'zitadel-signature': 't=1' })
    await send(api, '{}', { 'zitadel-signature': 't=2' })

    expect(world.logged).toEqual([
      '[zitadel-auth] the revocation endpoint refused a request: ERR_EVENT_INVALID: the header ZITADEL-Signature is missing, malformed or repeated',
    ])
  })

  for (const method of ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS']) {
    it(`answers 405 to ${method}`, async () => {
      const api = await startApi(host)

      expect(await ask(`${api.url}/events`, { method })).toMatchObject({ status: 405, headers: { allow: 'POST' } })
    })
  }

  it('answers 413 to more than 1 MiB, and takes as much', async () => {
    const api = await startApi(host)
    const body = (bytes: number) => {
      const [start, end] = ['{"event_type":"user.locked","aggregateID":"1","more":"', '"}']
      return `${start}${'a'.repeat(bytes - start.length - end.length)}${end}`
    }

    expect((await send(api, body(1_048_576))).status).toBe(200)
    expect(await send(api, body(1_048_577))).toMatchObject({ status: 413, body: 'content too large\n' })
  })

  it('answers 415 to what it was not told to take', async () => {
    const [events, logouts] = [await startApi(host), await startApi(host, { readLogoutToken: async () => ({}) })]

    expect((await sendForm(events, 'logout_token=a')).status).toBe(415)
    expect((await send(logouts, event('user.locked', '1'))).status).toBe(415)
  })

  for (const form of ['', 'logout_token=', 'logout_token=a.b.c', 'logout_token=a&logout_token=b', 'token=a']) {
    it(`answers 400 to the form ${JSON.stringify(form)}`, async () => {
      const readLogoutToken = createLogoutTokenReader({ domain: world.zitadel.issuer, clientId: '1' })
      const api = await startApi(host, { readLogoutToken })

      expect(await sendForm(api, form)).toMatchObject({
        status: 400,
        body: 'bad request\n',
        headers: { 'cache-control': 'no-store' },
      })
    })
  }

  it('answers 503 to a logout while ZITADEL’s keys can’t be fetched, so that ZITADEL tries again', async () => {
    const user = world.zitadel.createHumanUser({ userName: `logout in an outage of ${host.name}` })
    const logoutToken = world.zitadel.issueLogoutToken(user, { clientId: '1' })
    const readLogoutToken = createLogoutTokenReader({ domain: world.zitadel.issuer, clientId: '1' })
    const api = await startApi(host, { readLogoutToken })
    world.zitadel.fail('keys', { status: 500 })

    expect(await sendForm(api, `logout_token=${logoutToken}`)).toMatchObject({
      status: 503,
      headers: { 'retry-after': expect.any(String) },
    })
  })

  it('fails behind a parser that has read the body, rather than judge a signature by what is left', async () => {
    const api = await startApi(host)

    expect((await send(api, event('user.locked', '1'), {}, '/parsed-events')).status).toBe(500)
  })
})
