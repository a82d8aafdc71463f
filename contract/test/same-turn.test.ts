import * as express from '@org/zitadel-auth-express'
import * as fastify from '@org/zitadel-auth-fastify'
import * as hono from '@org/zitadel-auth-fetch/hono'
import * as koa from '@org/zitadel-auth-koa'
import * as nest from '@org/zitadel-auth-nest'
import { Context } from 'hono'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createWorld, type World } from '../src/world.js'

// In a server nothing is warm: each promise between a request and its handler costs more than the check itself.

let world: World
let headers: { readonly authorization: string }
beforeAll(async () => {
  world = await createWorld()
  headers = { authorization: `Bearer ${world.createUser('hasty', 'editor').token}` }
})
afterAll(() => world.close())

type Auth = ReturnType<World['createAuth']>
type Pass = (auth: Auth, requirement: { role: string }, next: () => void) => unknown

const toRequest = () => ({ headers, rawHeaders: ['Authorization', headers.authorization] })

/** What Nest gives a guard for a request of Express. */
const toNestContext = () => {
  const args = [toRequest(), {}]
  return { getType: () => 'http', getArgs: () => args, getHandler: () => toNestContext } as never
}

/** Nest goes on when a guard has said so. */
const goOn = (said: unknown, next: () => void) => (said === true ? next() : Promise.resolve(said).then(next))

const toHonoContext = () => new Context(new Request('https://api.example/', { headers }))

const ways: Readonly<Record<string, Pass>> = {
  'requireAuthorization of Express': (auth, requirement, next) =>
    express.requireAuthorization(auth, requirement)(toRequest() as never, {} as never, next),
  'optionalAuthorization of Express': (auth, requirement, next) =>
    express.optionalAuthorization(auth, requirement)(toRequest() as never, {} as never, next),
  'requireAuthorization of Fastify': (auth, requirement, next) =>
    fastify.requireAuthorization(auth, requirement)({ headers, raw: toRequest() }, {} as never, next),
  'optionalAuthorization of Fastify': (auth, requirement, next) =>
    fastify.optionalAuthorization(auth, requirement)({ headers, raw: toRequest() }, {} as never, next),
  'requireAuthorization of Hono': (auth, requirement, next) =>
    hono.requireAuthorization(auth, requirement)(toHonoContext(), async () => next()),
  'optionalAuthorization of Hono': (auth, requirement, next) =>
    hono.optionalAuthorization(auth, requirement)(toHonoContext(), async () => next()),
  'requireAuthorization of Koa': (auth, requirement, next) =>
    koa.requireAuthorization(auth, requirement)({ req: toRequest(), state: {} } as never, async () => next()),
  'optionalAuthorization of Koa': (auth, requirement, next) =>
    koa.optionalAuthorization(auth, requirement)({ req: toRequest(), state: {} } as never, async () => next()),
  'requireAuthorization of Nest': (auth, requirement, next) =>
    goOn(nest.requireAuthorization(auth, requirement).canActivate(toNestContext()), next),
  'optionalAuthorization of Nest': (auth, requirement, next) =>
    goOn(nest.optionalAuthorization(auth, requirement).canActivate(toNestContext()), next),
}

describe.each(Object.entries(ways))('%s', (_, pass) => {
  it('goes on in the same turn where the token is cached, and not before', async () => {
    const auth = world.createAuth()
    const early = vi.fn()
    pass(auth, { role: 'editor' }, early)
    expect(early).not.toHaveBeenCalled()
    await vi.waitFor(() => expect(early).toHaveBeenCalledTimes(1))
    const next = vi.fn()
    pass(auth, { role: 'editor' }, next)
    expect(next).toHaveBeenCalledTimes(1)
  })

  it('leaves what the next handler throws to whoever called, and calls it once', async () => {
    const auth = world.createAuth()
    await auth.authenticate(headers.authorization)
    const next = vi.fn(() => {
      throw new Error('the handler failed')
    })
    await expect((async () => pass(auth, { role: 'editor' }, next))()).rejects.toThrow('the handler failed')
    expect(next).toHaveBeenCalledTimes(1)
  })
})
