// Where people put what the adapters give. Every line below an expectation must fail to compile, and every other line must
// compile: with every compiler, and with every resolution of modules.
import { createZitadelAuth } from '@org/zitadel-auth'
import { getAuthorization } from '@org/zitadel-auth/mcp'
import * as expressAdapter from '@org/zitadel-auth-express'
import * as fastifyAdapter from '@org/zitadel-auth-fastify'
import * as koaAdapter from '@org/zitadel-auth-koa'
import express, { type Request, type RequestHandler, type Response, Router } from 'express'
import fastify, { type FastifyBaseLogger, type FastifyRequest } from 'fastify'
import Koa, { type Context } from 'koa'

const auth = createZitadelAuth<{ role: 'admin' | 'editor' }>({ domain: 'example.com', keyFile: './api.json' })

// Express: a middleware, wherever there is one.
const app = express()
const router = Router()
const guard = expressAdapter.requireAuthorization(auth)
const middleware: RequestHandler = guard
const middlewares: RequestHandler[] = [guard, expressAdapter.optionalAuthorization(auth)]
const log: RequestHandler = (_req, _res, next) => next()
const show = (req: expressAdapter.AuthorizedRequest<'admin' | 'editor'>, res: Response): void => {
  expressAdapter.getAuthorization(req).isGrantedRole('admin')
  // @ts-expect-error there is no such role
  expressAdapter.getAuthorization(req).isGrantedRole('amdin')
  res.json({})
}
router.get('/list', [guard, log], show)
app.use(expressAdapter.resourceMetadata(auth))
router.use([guard])
router.use(guard)
app.use([express.json(), guard])
const unless = (_paths: string[], wrapped: RequestHandler): RequestHandler => wrapped
app.use(unless(['/health'], guard))
app.get('/spread', ...middlewares, show)
app.get('/cast', guard as RequestHandler, show)
app.get('/behind-app-use', show)
app.get('/log-first/:id', log, guard, (req, res) => {
  expressAdapter.getAuthorization(req).isGrantedRole('editor')
  res.json(req.params.id)
})
const withTenant: RequestHandler<Request['params'], unknown, unknown, Request['query'], { tenant: string }> = log
app.get('/locals', withTenant, guard, (req, res) => {
  const tenant: string = res.locals.tenant
  res.json([tenant, expressAdapter.getAuthorization(req).userId])
})
app.get('/locals-later', guard as RequestHandler, withTenant, (req, res) => {
  res.json([res.locals.tenant, expressAdapter.getAuthorization(req).userId])
})
app.get(
  '/orgs/:id',
  expressAdapter.requireAuthorization(auth, (req) => ({ role: 'admin', inOrganization: req.params.id })),
  (req, res) => {
    res.json(expressAdapter.getAuthorization(req).isGrantedRole('admin'))
  },
)
app.get('/open', (req) => {
  // @ts-expect-error the route is not protected
  expressAdapter.getAuthorization(req)
})
app.get('/optional', expressAdapter.optionalAuthorization(auth), (req) => {
  // @ts-expect-error the request may be anonymous
  expressAdapter.getAuthorization(req)
})
// @ts-expect-error a requirement that is given is not undefined
expressAdapter.requireAuthorization(auth, undefined)
// @ts-expect-error a requirement stands before the options
expressAdapter.requireAuthorization(auth, true, { role: 'admin' })
// @ts-expect-error nobody made an auth
expressAdapter.requireAuthorization()

// Fastify: other servers and loggers, and names of one's own.
const secure = fastify({ http2: true })
secure.register(fastifyAdapter.resourceMetadata(auth))
secure.register(fastifyAdapter.zitadelAuth, { auth })
secure.setErrorHandler(fastifyAdapter.authorizationErrorHandler(auth))
secure.get('/', { onRequest: fastifyAdapter.requireAuthorization(auth) }, (request) => {
  return fastifyAdapter.getAuthorization(request).userId
})
const logged = fastify({ loggerInstance: console as unknown as FastifyBaseLogger & { audit(words: string): void } })
logged.register(fastifyAdapter.resourceMetadata(auth))
logged.register(fastifyAdapter.zitadelAuth, { auth, name: 'zitadel' })
logged.setErrorHandler(fastifyAdapter.authorizationErrorHandler(auth))
logged.get('/', { onRequest: fastifyAdapter.requireAuthorization(auth, { role: 'admin' }) }, (request) => {
  request.log.audit('seen')
  return fastifyAdapter.getAuthorization(request, 'zitadel').userId
})
declare module 'fastify' {
  interface FastifyRequest {
    /** An application's own member, under the name that the plugin has by default. */
    authorization: number
  }
}
export const own = (request: FastifyRequest): number => request.authorization

// Koa: whole routers and handlers in another file.
const koa = new Koa()
const answer = (ctx: koaAdapter.AuthorizedContext<'admin' | 'editor'>): void => {
  ctx.body = koaAdapter.getAuthorization(ctx).isGrantedRole('admin')
  // @ts-expect-error there is no such role
  koaAdapter.getAuthorization(ctx).isGrantedRole('amdin')
}
koa.use(koaAdapter.resourceMetadata(auth))
koa.use(koaAdapter.requireAuthorization(auth)).use(answer)
koa.use(answer)
koa.use((ctx: Context) => {
  // @ts-expect-error nobody proved that it is protected
  koaAdapter.getAuthorization(ctx)
})
getAuthorization({ authInfo: { extra: {} } }).isGrantedRole('admin')
// @ts-expect-error the SDK gives an object
getAuthorization()
void middleware
