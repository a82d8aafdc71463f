import { status } from '@grpc/grpc-js'
import type { ZitadelAuth } from '@org/zitadel-auth'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { kinds } from './kinds.js'
import { createObserver } from './observer.js'
import { createWorld, outcomeOf, type World } from './world.js'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

/** An `auth` that tells when every call it was asked about is decided. */
function createWatchedAuth(): { readonly auth: ZitadelAuth; readonly decided: () => Promise<unknown> } {
  const auth = world.createAuth()
  const decisions: Promise<unknown>[] = []
  const authenticate: ZitadelAuth['authenticate'] = (header, ...given) => {
    const decision = auth.authenticate(header, ...given)
    decisions.push(decision)
    return decision
  }
  return { auth: { ...auth, authenticate }, decided: () => Promise.allSettled(decisions) }
}

describe.each(kinds)('a %s call that ends while its token is verified', (kind) => {
  /** Sets up a call that is being verified, and everything that could go wrong with it. */
  async function begin(authorization: string, options = {}) {
    const handled: unknown[] = []
    const observer = createObserver()
    const { auth, decided } = createWatchedAuth()
    const server = await world.start({
      interceptors: [observer.interceptor, world.createInterceptor({ auth })],
      handle: (call) => handled.push(call),
    })
    const hold = world.zitadel.hold('introspection')
    const call = server.open(kind, { authorization, options })
    const outcome = outcomeOf(call)
    call.write({})
    call.end()
    await hold.untilWaiting(1)
    const decide = async () => {
      await observer.ended
      hold.release()
      await decided()
    }
    return { server, call, outcome, observer, handled, decide }
  }

  it.each([
    ['admitted', () => `Bearer ${world.zitadel.issueAccessToken(world.user, { audience: [world.project.id] })}`],
    ['refused', () => 'Bearer nobody-issued-this'],
  ])('by its client never reaches its handler when it is %s then', async (_, authorization) => {
    const { call, outcome, observer, handled, decide } = await begin(authorization())
    call.cancel()
    await decide()
    expect(await outcome).toMatchObject({ code: status.CANCELLED })
    expect(handled).toEqual([])
    expect(observer.statuses).toEqual([])
    expect(world.clock.alarms()).toBe(0)
  })

  it('by its deadline never reaches its handler, and has one status', async () => {
    const { outcome, observer, handled, decide } = await begin(`Bearer ${world.token}`, { deadline: Date.now() + 200 })
    await decide()
    expect(await outcome).toMatchObject({ code: status.DEADLINE_EXCEEDED })
    expect(handled).toEqual([])
    expect(observer.statuses).toEqual([])
    expect(world.clock.alarms()).toBe(0)
  })

  it('does not take others with the same token along', async () => {
    const { server, call, handled, decide } = await begin(`Bearer ${world.token}`)
    const second = server.ask(kind, { authorization: `Bearer ${world.token}` })
    call.cancel()
    await decide()
    expect(await second).toMatchObject({ code: status.OK })
    expect(handled).toHaveLength(1)
  })
})
