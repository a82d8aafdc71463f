import type { ServerDuplexStream } from '@grpc/grpc-js'
import { status } from '@grpc/grpc-js'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { watchExpiry } from '../src/expiry.js'
import { createHandClock } from './clock.js'
import { type Kind, kinds, kindsService, streamingKinds } from './kinds.js'
import { createObserver } from './observer.js'
import { createWorld, outcomeOf, type Scenario, type World } from './world.js'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

type AnyStream = ServerDuplexStream<unknown, unknown>

const expired = {
  code: status.UNAUTHENTICATED,
  details: 'unauthorized: token is invalid or has expired',
  trailers: { 'www-authenticate': 'Bearer error="invalid_token"' },
}

/** Opens a call with a token that lives a minute, and waits until its handler, which does not answer, has it. */
async function openForMinute(kind: Kind, scenario: Scenario = {}) {
  let onHandled = (_stream: AnyStream): void => {}
  const handled = new Promise<AnyStream>((resolve) => {
    onHandled = resolve
  })
  const implementation = Object.fromEntries(kinds.map((name) => [name, (stream: AnyStream) => onHandled(stream)]))
  const observer = createObserver()
  const server = await world.start({
    interceptors: [observer.interceptor, world.createInterceptor(scenario)],
    implementation,
  })
  const token = world.zitadel.issueAccessToken(world.user, { audience: [world.project.id], expiresInSeconds: 60 })
  const call = server.open(kind, { authorization: `Bearer ${token}` })
  const outcome = outcomeOf(call)
  call.write({})
  // The handler of a method without a request stream is called when the request has ended.
  kindsService[kind].requestStream || call.end()
  return { call, outcome, observer, stream: await handled }
}

describe.each(streamingKinds)('a %s call', (kind) => {
  it('ends with UNAUTHENTICATED in the second its token expires, and its handler hears of it', async () => {
    const { outcome, observer, stream } = await openForMinute(kind)
    const cancelled = new Promise((resolve) => stream.once('cancelled', resolve))
    world.clock.advanceSeconds(58.9)
    expect(observer.statuses).toEqual([])
    world.clock.advanceSeconds(1.1)
    expect(observer.statuses).toEqual([status.UNAUTHENTICATED])
    expect(await outcome).toEqual({ ...expired, messages: [] })
    await cancelled
    expect(stream.cancelled).toBe(true)
    expect(world.clock.alarms()).toBe(0)
  })

  it('has one status also when its handler ends it in that very second', async () => {
    const { outcome, observer, stream } = await openForMinute(kind)
    world.clock.advanceSeconds(60)
    stream.emit('error', { code: status.ABORTED, details: 'the handler gave up' })
    expect(await outcome).toEqual({ ...expired, messages: [] })
    expect(observer.statuses).toEqual([status.UNAUTHENTICATED])
  })

  it('outlives its token when the server says so', async () => {
    const { call, observer } = await openForMinute(kind, { options: { endExpiredStreams: false } })
    expect(world.clock.alarms()).toBe(0)
    world.clock.advanceSeconds(120)
    expect(observer.statuses).toEqual([])
    call.cancel()
    await observer.ended
  })

  it('leaves no alarm behind when the client goes away', async () => {
    const { call, observer } = await openForMinute(kind)
    expect(world.clock.alarms()).toBe(1)
    call.cancel()
    await observer.ended
    expect(world.clock.alarms()).toBe(0)
  })

  it('leaves no alarm behind when the handler ends it with an error, and has one status', async () => {
    const { outcome, observer, stream } = await openForMinute(kind)
    stream.emit('error', { code: status.ABORTED, details: 'the handler gave up' })
    await observer.ended
    world.clock.advanceSeconds(60)
    expect(await outcome).toMatchObject({ code: status.ABORTED })
    expect(observer.statuses).toEqual([status.ABORTED])
    expect(world.clock.alarms()).toBe(0)
  })
})

describe.each(['serverStream', 'bidirectional'] as const)('a %s call that has answered already', (kind) => {
  it('ends with its messages so far and the same status, whatever its handler still writes', async () => {
    const { outcome, observer, stream } = await openForMinute(kind)
    stream.write('in time')
    world.clock.advanceSeconds(60)
    stream.write('late')
    stream.write('later')
    stream.end()
    expect(await outcome).toEqual({ ...expired, messages: ['in time'] })
    expect(observer.statuses).toEqual([status.UNAUTHENTICATED])
  })
})

describe('a unary call', () => {
  it('is finished although its token expires meanwhile', async () => {
    const { call, observer } = await openForMinute('unary')
    expect(world.clock.alarms()).toBe(0)
    call.cancel()
    await observer.ended
  })
})

describe('watchExpiry', () => {
  it('waits for a token that never expires no longer at once than a timer can', () => {
    const clock = createHandClock()
    const onExpired = vi.fn()
    const stop = watchExpiry(new Date('9999-12-31T23:59:59Z'), onExpired, clock)
    expect(clock.delaysMs()).toEqual([2 ** 31 - 1])
    clock.advanceSeconds(2 ** 31 / 1_000)
    expect(clock.delaysMs()).toEqual([2 ** 31 - 1])
    stop()
    expect(clock.alarms()).toBe(0)
    expect(onExpired).not.toHaveBeenCalled()
  })

  it('does nothing for a token of which ZITADEL does not say when it expires', () => {
    const clock = createHandClock()
    watchExpiry(undefined, vi.fn(), clock)()
    expect(clock.alarms()).toBe(0)
  })

  it('waits again when its alarm rings early', () => {
    const onExpired = vi.fn()
    const rings: (() => void)[] = []
    let nowMs = 0
    const clock = {
      ...createHandClock(),
      now: () => nowMs,
      after: (_ms: number, run: () => void) => {
        rings.push(run)
        return () => {}
      },
    }
    watchExpiry(new Date(10), onExpired, clock)
    nowMs = 9
    rings[0]?.()
    expect(onExpired).not.toHaveBeenCalled()
    nowMs = 10
    rings[1]?.()
    expect(onExpired).toHaveBeenCalledOnce()
  })

  it('calls back at once when the token has expired', () => {
    const onExpired = vi.fn()
    watchExpiry(new Date(0), onExpired, createHandClock())
    expect(onExpired).toHaveBeenCalledOnce()
  })
})
