import { createServer, type ServerResponse } from 'node:http'
import { requireAuthorization as requireInExpress } from '@org/zitadel-auth-express'
import { requireAuthorization as requireInHono } from '@org/zitadel-auth-fetch/hono'
import { requireAuthorization as requireInKoa } from '@org/zitadel-auth-koa'
import express from 'express'
import { Hono } from 'hono'
import Koa3 from 'koa'
import Koa2 from 'koa2'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { ask } from '../src/ask.js'
import { listen } from '../src/host.js'
import { hosts } from '../src/hosts/index.js'
import { createWorld, type World } from '../src/world.js'

let world: World
beforeAll(async () => {
  world = await createWorld()
  // The server that brings requests to Hono, and Hono itself, tell it of what broke.
  vi.spyOn(console, 'error').mockImplementation(() => {})
})
afterAll(() => {
  vi.restoreAllMocks()
  return world.close()
})

/** What a middleware that hung itself onto a response may throw: nothing, and the words by which Express skips handlers. */
const throwables = [undefined, null, false, '', 'route', 'router', new Error('a middleware broke')] as const

/** Lets the response throw once, wherever the framework comes by first. */
function breakOnce(response: ServerResponse, thrown: unknown): void {
  const { setHeader, writeHead } = response
  const throwOnce = () => {
    Object.assign(response, { setHeader, writeHead })
    throw thrown
  }
  Object.assign(response, { setHeader: throwOnce, writeHead: throwOnce })
}

describe.each(hosts)('a response that breaks while $name refuses', (host) => {
  it.each(throwables)('runs no handler where it throws %j', async (thrown) => {
    let handled = 0
    const api = await world.start(host, {
      onHandled: () => (handled += 1),
      onResponse: (response) => breakOnce(response, thrown),
    })
    const { status } = await ask(`${api.url}/required`)
    expect([handled, status >= 400]).toEqual([0, true])
  })
})

describe.each(['route', 'router', undefined])('Express, where a response throws %j', (thrown) => {
  it('goes on to no other route of the same path', async () => {
    const app = express()
    app.use((_request, response, next) => {
      breakOnce(response, thrown)
      next()
    })
    app.get('/', requireInExpress(world.createAuth()), (_request, response) => void response.send('a secret'))
    app.get('/', (_request, response) => void response.send('another route'))
    app.use(((_error, _request, response, _next) => void response.status(500).end()) as express.ErrorRequestHandler)
    const api = await listen(createServer(app))
    const { status, body } = await ask(api.url)
    await api.close()
    expect({ status, body }).toEqual({ status: 500, body: '' })
  })
})

describe.each(throwables)('Hono, where a context throws %j', (thrown) => {
  it('runs no handler, and lets the application answer', async () => {
    let handled = 0
    const app = new Hono()
    app.use((c, next) => {
      c.body = () => {
        throw thrown
      }
      return next()
    })
    app.use(requireInHono(world.createAuth()))
    app.get('/', (c) => {
      handled += 1
      return c.text('a secret')
    })
    app.onError((_error, c) => c.text('its own', 500))
    const response = await app.request('/')
    expect([handled, response.status, await response.text()]).toEqual([0, 500, 'its own'])
  })
})

describe.each([
  ['Koa 2', Koa2],
  ['Koa 3', Koa3],
] as const)('%s, where something else was to answer in its place', (_name, Koa) => {
  it.each(['respond', 'throw'] as const)('answers a refused request: %s', async (onRefusal) => {
    const app = new Koa()
    app.silent = true
    app.use((ctx, next) => {
      ctx.respond = false
      return next()
    })
    app.use(requireInKoa(world.createAuth(), true, { onRefusal }))
    app.use((ctx) => void ctx.res.end('a secret'))
    const api = await listen(createServer(app.callback()))
    const { status } = await ask(api.url)
    await api.close()
    expect(status).toBe(401)
  })
})
