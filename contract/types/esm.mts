// What an ESM consumer writes. Every line below an expectation must fail to compile, and every other line must compile.
import Router from '@koa/router'
import { type AuthorizationContext, authorize, createZitadelAuth, isAuthorizationError } from '@org/zitadel-auth'
import { getAuthorization, type McpCall, toAuthInfo } from '@org/zitadel-auth/mcp'
import { createRedisStore } from '@org/zitadel-auth/redis'
import * as expressAdapter from '@org/zitadel-auth-express'
import * as fastifyAdapter from '@org/zitadel-auth-fastify'
import * as fetchAdapter from '@org/zitadel-auth-fetch'
import * as koaAdapter from '@org/zitadel-auth-koa'
import { startLocalZitadel } from '@org/zitadel-auth-testing'
import express from 'express'
import fastify from 'fastify'

const auth = createZitadelAuth<{ role: 'admin' | 'editor' }>({ domain: 'example.com', keyFile: './api.json' })

// @ts-expect-error a credential is missing
createZitadelAuth({ domain: 'example.com' })
// @ts-expect-error two credentials contradict each other
createZitadelAuth({ domain: 'example.com', keyFile: './api.json', clientId: 'a', clientSecret: 'b' })

const store = createRedisStore({ sendCommand: async ([name]) => name })
createZitadelAuth({ domain: 'example.com', keyFile: './api.json', cache: { store } })
// @ts-expect-error a store is nothing else
createZitadelAuth({ domain: 'example.com', keyFile: './api.json', cache: { store: new Map() } })
// @ts-expect-error it needs to send commands
createRedisStore({})

export async function inCore(): Promise<void> {
  const context = await auth.authenticate('Bearer token', { role: 'admin' })
  const userId: string = context.userId
  // @ts-expect-error it is a string, not any
  const number: number = context.userId
  authorize(context, { anyRole: ['admin', 'editor'] })
  // @ts-expect-error there is no such role
  authorize(context, { role: 'amdin' })
  // @ts-expect-error a requirement has no such member
  authorize(context, { rolle: 'admin' })
  // @ts-expect-error the context is frozen
  context.userId = 'somebody else'
  const optional: AuthorizationContext | undefined = await auth.authenticateOptional(undefined)
  const error: unknown = undefined
  if (isAuthorizationError(error)) error.code satisfies string
  const zitadel = await startLocalZitadel()
  zitadel.issuer satisfies string
  void [userId, number, optional]
}

export async function inATool(call: McpCall): Promise<number> {
  const context = await auth.authorize(getAuthorization(call), { role: 'admin' })
  // @ts-expect-error there is no such role
  await auth.authorize(getAuthorization(call), { role: 'amdin' })
  return toAuthInfo(context, auth).expiresAt
}

const app = express()
app.use(expressAdapter.resourceMetadata(auth))
app.get('/users/:id', expressAdapter.requireAuthorization(auth), (req, res) => {
  expressAdapter.getAuthorization(req).isGrantedRole('admin')
  // @ts-expect-error there is no such role
  expressAdapter.getAuthorization(req).isGrantedRole('amdin')
  const id: string = req.params.id
  res.json({ id })
})
app.get('/open', (req, res) => {
  // @ts-expect-error the route is not protected
  expressAdapter.getAuthorization(req)
  // @ts-expect-error the main entry adds nothing to every request
  res.json(req.authorization)
})

const server = fastify()
server.register(fastifyAdapter.resourceMetadata(auth))
server.register(fastifyAdapter.zitadelAuth, { auth })
server.get('/', { config: { authorization: { role: 'admin' } } }, (request) => {
  // @ts-expect-error the main entry adds nothing to every request
  request.authorization.userId
  return fastifyAdapter.getAuthorization(request).userId
})

const router = new Router()
router.get('/', koaAdapter.requireAuthorization(auth), (ctx) => {
  koaAdapter.authorize(ctx, { role: 'admin' })
  // @ts-expect-error there is no such role
  koaAdapter.authorize(ctx, { role: 'amdin' })
  ctx.body = ctx.state.authorization.userId
})
router.get('/open', (ctx) => {
  // @ts-expect-error the route is not protected
  koaAdapter.getAuthorization(ctx)
})

export const list = fetchAdapter.protect(auth, { role: 'admin' }, (request, authorization) => {
  authorization.isGrantedRole('editor')
  // @ts-expect-error there is no such role
  authorization.isGrantedRole('amdin')
  return new Response(request.url)
})
export async function load(request: Request): Promise<Response> {
  const authorization = await fetchAdapter.requireAuthorization(auth)(request)
  // @ts-expect-error it may be an answer
  authorization.userId
  if (authorization instanceof Response) return authorization
  const userId: string = authorization.userId
  return new Response(userId)
}
