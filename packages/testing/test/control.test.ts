import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type EndpointName, type LocalZitadel, startLocalZitadel } from '../src/index.js'

let zitadel: LocalZitadel
beforeEach(async () => {
  zitadel = await startLocalZitadel()
})
afterEach(() => zitadel.close())

const paths = {
  discovery: '/.well-known/openid-configuration',
  keys: '/oauth/v2/keys',
  introspection: '/oauth/v2/introspect',
  token: '/oauth/v2/token',
  revocation: '/oauth/v2/revoke',
  userinfo: '/oidc/v1/userinfo',
  management: '/local/grants',
} as const
const ask = (endpoint: EndpointName = 'discovery', init: RequestInit = {}) =>
  fetch(`${zitadel.issuer}${paths[endpoint]}`, init)
const noRequests = { discovery: 0, keys: 0, introspection: 0, token: 0, revocation: 0, userinfo: 0, management: 0 }

describe('the request counts', () => {
  for (const endpoint of Object.keys(paths) as EndpointName[]) {
    it(`count requests to ${endpoint}, refused ones too`, async () => {
      await ask(endpoint)
      await ask(endpoint, { method: 'POST' })

      expect(zitadel.requests).toEqual({ ...noRequests, [endpoint]: 2 })
    })
  }

  it('do not count other paths', async () => {
    await fetch(`${zitadel.issuer}/elsewhere`)

    expect(zitadel.requests).toEqual(noRequests)
  })

  it('are live, and can be reset', async () => {
    const { requests } = zitadel
    await ask()
    const counted = { ...requests }
    zitadel.resetRequests()

    expect(counted).toEqual({ ...noRequests, discovery: 1 })
    expect(requests).toEqual(noRequests)
  })
})

describe('fail', () => {
  it('answers what it is told to, until recover', async () => {
    zitadel.fail('discovery', { status: 503, headers: { 'retry-after': '7' }, body: 'busy' })
    const [first, second] = [await ask(), await ask()]
    zitadel.recover()

    expect([first.status, second.status]).toEqual([503, 503])
    expect(first.headers.get('retry-after')).toBe('7')
    expect(first.headers.get('content-type')).toBeNull()
    expect(await first.text()).toBe('busy')
    expect((await ask()).status).toBe(200)
  })

  it('fails as often as it is told to', async () => {
    zitadel.fail('discovery', { status: 429 }, { times: 2 })

    expect([(await ask()).status, (await ask()).status, (await ask()).status]).toEqual([429, 429, 200])
  })

  it('uses up limited faults in their order before the lasting one', async () => {
    zitadel.fail('discovery', { status: 500 })
    zitadel.fail('discovery', { status: 503 })
    zitadel.fail('discovery', { status: 501 }, { times: 1 })
    zitadel.fail('discovery', { status: 502 }, { times: 1 })

    expect([(await ask()).status, (await ask()).status, (await ask()).status]).toEqual([501, 502, 503])
  })

  it('leaves other endpoints alone', async () => {
    zitadel.fail('introspection', { status: 503 })

    expect((await ask()).status).toBe(200)
  })

  it('can hit all endpoints', async () => {
    zitadel.fail('all', { status: 503 })

    expect((await ask('discovery')).status).toBe(503)
    expect((await ask('introspection', { method: 'POST' })).status).toBe(503)
  })

  it('still counts', async () => {
    zitadel.fail('discovery', { status: 503 })
    await ask()

    expect(zitadel.requests.discovery).toBe(1)
  })

  it('can send bytes', async () => {
    zitadel.fail('discovery', { status: 200, body: Uint8Array.of(0xff, 0x00) })

    expect(new Uint8Array(await (await ask()).arrayBuffer())).toEqual(Uint8Array.of(0xff, 0x00))
  })

  it('can reset the connection', async () => {
    zitadel.fail('discovery', 'reset')

    await expect(ask()).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } })
  })

  it('can cut the answer off', async () => {
    zitadel.fail('discovery', 'cut-off')
    const response = await ask()

    expect(response.status).toBe(200)
    await expect(response.text()).rejects.toMatchObject({ cause: { code: 'UND_ERR_SOCKET' } })
  })

  it('can hang until recover', async () => {
    zitadel.fail('discovery', 'hang')
    const hold = zitadel.hold('discovery')
    let isAnswered = false
    const response = ask().finally(() => {
      isAnswered = true
    })
    await hold.untilWaiting(1)
    hold.release()
    // Another endpoint's answer arrives meanwhile.
    await ask('keys')
    const before = isAnswered
    zitadel.recover()

    expect((await response).status).toBe(200)
    expect(before).toBe(false)
  })

  it('can hang in the middle of the body until recover', async () => {
    zitadel.fail('discovery', 'hang-in-body')
    const response = await ask()
    const reader = response.body?.getReader()
    const first = await reader?.read()
    zitadel.recover()
    const second = await reader?.read()
    const whole = Buffer.concat([first?.value ?? [], second?.value ?? []].map((part) => Buffer.from(part))).toString()

    expect(response.status).toBe(200)
    expect(JSON.parse(whole)).toHaveProperty('issuer', zitadel.issuer)
  })

  it('does not keep close from ending a request that hangs', async () => {
    zitadel.fail('discovery', 'hang')
    const hold = zitadel.hold('discovery')
    const response = ask()
    await hold.untilWaiting(1)
    hold.release()

    await Promise.all([expect(response).rejects.toThrow('fetch failed'), zitadel.close()])
  })
})

describe('hold', () => {
  it('keeps answers open until they are released', async () => {
    const hold = zitadel.hold('discovery')
    const answers = [ask(), ask(), ask()]
    await hold.untilWaiting(3)
    const waiting = hold.waiting()
    hold.release()
    const statuses = (await Promise.all(answers)).map(({ status }) => status)

    expect(waiting).toBe(3)
    expect(statuses).toEqual([200, 200, 200])
    expect(hold.waiting()).toBe(0)
  })

  it('lets later requests pass once it was released', async () => {
    zitadel.hold('discovery').release()

    expect((await ask()).status).toBe(200)
  })

  it('leaves other endpoints alone', async () => {
    zitadel.hold('introspection')

    expect((await ask()).status).toBe(200)
  })

  it('holds all endpoints when none is named', async () => {
    const hold = zitadel.hold()
    const answers = [ask('discovery'), ask('keys')]
    await hold.untilWaiting(2)
    hold.release()

    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200])
  })

  it('does not wait for a client that went away', async () => {
    const hold = zitadel.hold('discovery')
    const leaving = new AbortController()
    const left = ask('discovery', { signal: leaving.signal }).catch((error: Error) => error.name)
    await hold.untilWaiting(1)
    leaving.abort()
    await left

    await expect.poll(() => hold.waiting()).toBe(0)
  })

  it('holds the answer as it was when the request arrived', async () => {
    const project = zitadel.createProject({ name: 'tasks' })
    const { clientId, clientSecret } = zitadel.createApiApplication(project, { authMethod: 'basic' })
    const user = zitadel.createServiceUser({ userName: 'tasks-client' })
    const token = zitadel.createPersonalAccessToken(user)
    const body = new URLSearchParams({ token, client_id: clientId, client_secret: clientSecret })
    const hold = zitadel.hold('introspection')
    const answer = ask('introspection', { method: 'POST', body })
    await hold.untilWaiting(1)
    zitadel.deactivateUser(user)
    hold.release()

    expect(await (await answer).json()).toHaveProperty('active', true)
  })

  it('comes before a fault', async () => {
    const hold = zitadel.hold('discovery')
    zitadel.fail('discovery', { status: 503 })
    const answer = ask()
    await hold.untilWaiting(1)
    hold.release()

    expect((await answer).status).toBe(503)
  })
})

describe('pause', () => {
  it('refuses connections until resume, on the same port', async () => {
    await ask()
    await zitadel.pause()
    await expect(ask()).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } })
    await zitadel.resume()

    expect((await ask()).status).toBe(200)
  })

  it('cuts the connections there are', async () => {
    const hold = zitadel.hold('discovery')
    const answer = ask()
    await hold.untilWaiting(1)

    await Promise.all([expect(answer).rejects.toThrow('fetch failed'), zitadel.pause()])
  })

  it('and resume and close can be called more than once', async () => {
    await zitadel.pause()
    await zitadel.pause()
    await zitadel.resume()
    await zitadel.resume()
    await zitadel.close()
    await zitadel.close()

    await expect(ask()).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } })
  })
})

describe('resume', () => {
  it('does not open what was closed for good', async () => {
    await zitadel.close()

    await expect(zitadel.resume()).rejects.toThrow(
      new TypeError('this local ZITADEL was closed: start another one with startLocalZitadel'),
    )
    await expect(ask()).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } })
  })
})

describe('a port', () => {
  it('can be chosen', async () => {
    const { port } = new URL(zitadel.issuer)
    await zitadel.close()
    await using again = await startLocalZitadel({ port: Number(port) })

    expect(again.issuer).toBe(zitadel.issuer)
    expect(again.domain).toBe(zitadel.issuer)
  })

  it('can be had once', async () => {
    const { port } = new URL(zitadel.issuer)

    await expect(startLocalZitadel({ port: Number(port) })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })
})
