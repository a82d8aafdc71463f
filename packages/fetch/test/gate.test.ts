import { AuthorizationError } from '@org/zitadel-auth'
import { describe, expect, it, vi } from 'vitest'
import {
  getAuthorization,
  getOptionalAuthorization,
  optionalAuthorization,
  requireAuthorization,
} from '../src/index.js'
import { ask, read, setUp } from './set-up.js'

const empty = 'unauthorized: authorization header is empty\n'
const malformed = 'bad request: authorization header is malformed\n'

describe('requireAuthorization', () => {
  it('gives the context of a good token', async () => {
    const { auth, token, user } = await setUp()
    expect(await requireAuthorization(auth)(ask(token))).toMatchObject({ userId: user.id })
  })

  it('gives the answer to a request without one', async () => {
    const { auth } = await setUp()
    expect(await read(await requireAuthorization(auth)(ask()))).toEqual({
      status: 401,
      headers: {
        'cache-control': 'no-store',
        'content-length': '44',
        'content-type': 'text/plain; charset=utf-8',
        'www-authenticate': 'Bearer',
        'x-content-type-options': 'nosniff',
      },
      body: empty,
    })
  })

  it('gives HEAD the same answer without a body', async () => {
    const { auth } = await setUp()
    const gate = requireAuthorization(auth)
    const [get, head] = [await read(await gate(ask())), await read(await gate(ask(undefined, { method: 'HEAD' })))]
    expect(head).toEqual({ ...get, body: '' })
  })

  it('refuses an unmet requirement, and names it', async () => {
    const { auth, token } = await setUp()
    const gate = requireAuthorization(auth, { role: 'admin' })
    expect(await read(await gate(ask(token)))).toMatchObject({
      status: 403,
      body: 'permission denied: missing required role: `admin`\n',
    })
  })

  it('answers with 503 while ZITADEL is down', async () => {
    const { auth, token, zitadel } = await setUp()
    await zitadel.pause()
    expect(await read(await requireAuthorization(auth)(ask(token)))).toMatchObject({
      status: 503,
      headers: { 'retry-after': '5' },
    })
  })

  it('refuses two headers, which a Request joins', async () => {
    const { auth, token } = await setUp()
    const gate = requireAuthorization(auth)
    await gate(ask(token))
    const headers = new Headers({ authorization: `Bearer ${token}` })
    headers.append('authorization', `Bearer ${token}`)
    expect(await read(await gate(ask(undefined, { headers })))).toMatchObject({ status: 400, body: malformed })
  })

  it('takes a requirement that is a function of the request, and asks it about good tokens alone', async () => {
    const { auth, token } = await setUp()
    const requirement = vi.fn((request: Request) => ({ role: new URL(request.url).pathname.slice(1) }))
    const gate = requireAuthorization(auth, requirement)
    expect(await read(await gate(ask()))).toMatchObject({ status: 401 })
    expect(requirement).not.toHaveBeenCalled()
    expect(await read(await gate(ask(token)))).toMatchObject({
      body: 'permission denied: missing required role: `tasks`\n',
    })
  })

  it('throws what is no refusal', async () => {
    const { auth, token } = await setUp()
    const gate = requireAuthorization(auth, () => undefined as never)
    await expect(gate(ask(token))).rejects.toThrow(TypeError)
  })

  it("throws a refusal where refusals are the application's", async () => {
    const { auth } = await setUp()
    const gate = requireAuthorization(auth, true, { onRefusal: 'throw' })
    await expect(gate(ask())).rejects.toThrow(AuthorizationError)
  })

  it('finds mistakes at start-up', async () => {
    const { auth } = await setUp()
    expect(() => requireAuthorization(auth, undefined as never)).toThrow(TypeError)
    expect(() => requireAuthorization(auth, {} as never)).toThrow(TypeError)
    expect(() => requireAuthorization(auth, true, { role: 'admin' } as never)).toThrow(TypeError)
    expect(() => requireAuthorization({} as never)).toThrow('not a ZitadelAuth')
  })

  it('takes a request of any make that has headers', async () => {
    const { auth, token, user } = await setUp()
    const polyfilled = { method: 'GET', headers: { get: () => `Bearer ${token}` } } as unknown as Request
    expect(await requireAuthorization(auth)(polyfilled)).toMatchObject({ userId: user.id })
    expect(getAuthorization(polyfilled)).toMatchObject({ userId: user.id })
  })
})

describe('optionalAuthorization', () => {
  it('gives a context, undefined, or the answer to bad credentials', async () => {
    const { auth, token, user } = await setUp()
    const gate = optionalAuthorization(auth)
    const [known, anonymous] = [ask(token), ask()]
    expect(await gate(known)).toMatchObject({ userId: user.id })
    expect(await gate(anonymous)).toBe(undefined)
    expect([getOptionalAuthorization(known)?.userId, getOptionalAuthorization(anonymous)]).toEqual([user.id, undefined])
    expect(await read(await gate(ask('nobody-issued-this')))).toMatchObject({ status: 401 })
  })

  it('asks a requirement of those who have credentials', async () => {
    const { auth, token } = await setUp()
    const gate = optionalAuthorization(auth, { role: 'admin' })
    expect(await gate(ask())).toBe(undefined)
    expect(await read(await gate(ask(token)))).toMatchObject({ status: 403 })
  })
})

describe('waitUntil', () => {
  /** What a runtime would keep alive; a call without its object is an error there. */
  class Lifetime {
    readonly #work: Promise<unknown>[] = []
    waitUntil(work: Promise<unknown>): void {
      this.#work.push(work)
    }
    settled(): Promise<unknown> {
      return Promise.all(this.#work)
    }
    get count(): number {
      return this.#work.length
    }
  }

  it('gets what others may wait for, until ZITADEL has answered', async () => {
    const { auth, token, user, zitadel } = await setUp()
    const hold = zitadel.hold('introspection')
    const lifetime = new Lifetime()
    const answer = requireAuthorization(auth)(ask(token), lifetime)
    const settled = vi.fn()
    const work = lifetime.settled().then(settled)
    await hold.untilWaiting(1)
    expect([lifetime.count, settled.mock.calls.length]).toEqual([1, 0])
    hold.release()
    await work
    expect(await answer).toMatchObject({ userId: user.id })
  })

  it('hears of no failure, since the request has not failed by it', async () => {
    const { auth } = await setUp()
    const lifetime = new Lifetime()
    await requireAuthorization(auth)(ask('nobody-issued-this'), lifetime)
    expect([lifetime.count, await lifetime.settled()]).toEqual([1, [undefined]])
  })

  it('gets nothing where the token is cached', async () => {
    const { auth, token } = await setUp()
    const gate = requireAuthorization(auth)
    await gate(ask(token))
    const lifetime = new Lifetime()
    await gate(ask(token), lifetime)
    expect(lifetime.count).toBe(0)
  })
})
