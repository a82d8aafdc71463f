import { type LocalZitadel, type ServiceUser, startLocalZitadel } from '@org/zitadel-auth-testing'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createManualClock } from '../../test/manual-clock.js'
import { type OtherApi, startOtherApi } from '../../test/other-api.js'
import { createTokenSource, type TokenSource } from './token-source.js'

const clock = createManualClock()
let zitadel: LocalZitadel
let user: ServiceUser
let api: OtherApi
let stranger: OtherApi
let source: TokenSource
beforeAll(async () => {
  zitadel = await startLocalZitadel({ now: () => clock.now() })
  user = zitadel.createServiceUser({ userName: 'caller' })
})
beforeEach(async () => {
  api = await startOtherApi()
  stranger = await startOtherApi()
  source = createTokenSource({
    domain: zitadel.issuer,
    key: zitadel.createServiceUserKey(user),
    allowedOrigins: [api.origin],
    clock,
  })
  zitadel.resetRequests()
})
afterEach(() => {
  api.close()
  stranger.close()
})
afterAll(() => zitadel.close())

const refuse = (token?: string): OtherApi['answer'] => {
  return ({ authorization }, response) => {
    response.statusCode = token === undefined || authorization === `Bearer ${token}` ? 401 : 200
    response.end('{}')
  }
}

describe('fetch of a token source', () => {
  it('sends the token to an origin that is allowed, as a text, a URL or a Request', async () => {
    await source.fetch(`${api.origin}/orders?a=b`)
    await source.fetch(new URL(`${api.origin}/orders?a=b`))
    await source.fetch(new Request(`${api.origin}/orders?a=b`))
    const authorization = `Bearer ${await source.token()}`

    expect(api.received).toEqual(Array(3).fill({ method: 'GET', url: '/orders?a=b', authorization, body: '' }))
  })

  for (const toUrl of [
    () => stranger.origin,
    () => api.origin.replace('127.0.0.1', 'localhost'),
    () => api.origin.replace('http:', 'https:'),
    () => `${api.origin.replace('http://', 'http://user@')}`.replace('127.0.0.1', '127.0.0.2'),
  ]) {
    it(`sends nothing to another origin: ${String(toUrl).slice(6)}`, async () => {
      await expect(source.fetch(toUrl())).rejects.toThrow(/^the token is not sent to .*allowedOrigins/)
      expect([...api.received, ...stranger.received, zitadel.requests.token]).toEqual([0])
    })
  }

  for (const status of [301, 302, 303, 307, 308]) {
    it(`gives a redirect with ${status} to the caller, and the token to nobody`, async () => {
      api.answer = (_request, response) => response.writeHead(status, { location: `${stranger.origin}/` }).end()
      const answer = await source.fetch(api.origin)

      expect([answer.status, answer.headers.get('location')]).toEqual([status, `${stranger.origin}/`])
      expect(stranger.received).toEqual([])
    })
  }

  it('does not follow redirects when it is asked to', async () => {
    await expect(source.fetch(api.origin, { redirect: 'follow' })).rejects.toThrow(/is not followed with a token/)
    await expect(source.fetch(api.origin, { headers: { authorization: 'Basic a' } })).rejects.toThrow(/of its own/)
  })

  it('sends nothing to where an odd object really leads', async () => {
    const odd = Object.defineProperty(new Request(stranger.origin), 'url', { value: `${api.origin}/` })
    let reads = 0
    const changing = {
      toString: () => {
        reads += 1
        return reads === 1 ? `${api.origin}/` : `${stranger.origin}/`
      },
    }
    await expect(source.fetch(odd)).rejects.toThrow(/allowedOrigins/)
    await source.fetch(changing as never)

    expect(stranger.received).toEqual([])
  })

  for (const redirect of [['follow'], { toString: () => 'follow' }, 'else']) {
    it(`does not take the redirect ${JSON.stringify(redirect)}`, () =>
      expect(source.fetch(api.origin, { redirect } as never)).rejects.toThrow(/is not followed with a token/))
  }

  it('repeats no password of an address', () =>
    expect(source.fetch(api.origin.replace('//', '//user:words@'))).rejects.toThrow(/^the address has a user name/))

  it('waits for a token no longer than its caller does', async () => {
    const hold = zitadel.hold('token')
    const controller = new AbortController()
    const asked = source.fetch(api.origin, { signal: controller.signal })
    await hold.untilWaiting(1)
    controller.abort(new Error('the caller has left'))

    await expect(asked).rejects.toThrow('the caller has left')
    await expect(source.fetch(api.origin, { signal: controller.signal })).rejects.toThrow('the caller has left')
    hold.release()
  })

  it('gives the 401 where there is no other token to be had', async () => {
    await source.token()
    clock.advanceSeconds(11)
    api.answer = refuse()
    zitadel.fail('token', { status: 400 })

    expect((await source.fetch(api.origin)).status).toBe(401)
    zitadel.recover()
  })

  it('asks once more with a new token after a 401', async () => {
    const first = await source.token()
    clock.advanceSeconds(11)
    api.answer = refuse(first)
    const answer = await source.fetch(api.origin, { method: 'POST', body: 'an order' })

    expect(answer.status).toBe(200)
    expect(api.received.map(({ method, body }) => `${method} ${body}`)).toEqual(['POST an order', 'POST an order'])
    expect(new Set(api.received.map(({ authorization }) => authorization)).size).toBe(2)
  })

  it('asks no second time for a token that is new, and never a third time', async () => {
    api.answer = refuse()
    expect((await source.fetch(api.origin)).status).toBe(401)
    expect(api.received).toHaveLength(1)

    clock.advanceSeconds(11)
    expect((await source.fetch(api.origin)).status).toBe(401)
    expect(api.received).toHaveLength(3)
    expect(zitadel.requests.token).toBe(2)
  })

  it('asks for one new token, however many requests are refused at once', async () => {
    const first = await source.token()
    clock.advanceSeconds(11)
    api.answer = refuse(first)
    const answers = await Promise.all(Array.from({ length: 10 }, () => source.fetch(api.origin)))

    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200))
    expect(zitadel.requests.token).toBe(2)
  })

  it('sends a stream once', async () => {
    await source.token()
    clock.advanceSeconds(11)
    api.answer = refuse()
    const body = new Blob(['an order']).stream()
    const answer = await source.fetch(api.origin, { method: 'POST', body, duplex: 'half' } as RequestInit)

    expect([answer.status, api.received.length]).toEqual([401, 1])
  })

  it('sends a personal access token that is refused once', async () => {
    const token = zitadel.createPersonalAccessToken(user)
    const personal = createTokenSource({ domain: zitadel.issuer, token, allowedOrigins: [api.origin] })
    api.answer = refuse()

    expect((await personal.fetch(api.origin)).status).toBe(401)
    expect(api.received).toHaveLength(1)
  })
})
