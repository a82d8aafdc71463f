import { createZitadelAuth } from '@org/zitadel-auth'
import express, { type Request, type RequestHandler, Router } from 'express'
import { expectTypeOf } from 'vitest'

type ParamsDictionary = Request['params']
type ParsedQs = Request['query']

import {
  type AuthorizedRequest,
  getAuthorization,
  getOptionalAuthorization,
  optionalAuthorization,
  requireAuthorization,
} from '../src/index.js'

const auth = createZitadelAuth<{ role: 'admin' | 'editor' }>({ domain: 'example.com', key: 'key' })
// @ts-expect-error a credential is missing
createZitadelAuth({ domain: 'example.com' })

const app = express()

app.get('/users/:id', requireAuthorization(auth), (req, res) => {
  const ctx = getAuthorization(req)
  expectTypeOf(ctx.userId).toEqualTypeOf<string>()
  expectTypeOf(req.params).toEqualTypeOf<{ id: string }>()
  ctx.isGrantedRole('admin')
  // @ts-expect-error there is no such role
  ctx.isGrantedRole('amdin')
  res.json({})
})
// @ts-expect-error there is no such role
app.get('/', requireAuthorization(auth, { role: 'amdin' }))
// @ts-expect-error a requirement has no such member
app.get('/', requireAuthorization(auth, { rolle: 'admin' }))
app.get('/:x', (req, res) => {
  // @ts-expect-error the route is not protected
  getAuthorization(req)
  // @ts-expect-error the route is not protected, not even optionally
  getOptionalAuthorization(req)
  res.end()
})
app.post('/o', optionalAuthorization(auth), (req) => {
  expectTypeOf(getOptionalAuthorization(req)?.userId).toEqualTypeOf<string | undefined>()
  // @ts-expect-error the request may be anonymous
  getAuthorization(req)
})
app.post('/two', express.json(), requireAuthorization(auth), express.urlencoded({ extended: false }), (req) => {
  getAuthorization(req).isGrantedRole('editor')
  getOptionalAuthorization(req)
})
app.use('/api', requireAuthorization(auth, { role: 'admin' }))
app.use(requireAuthorization(auth))
const router = Router()
router.use(requireAuthorization(auth))
router.route('/x').get(requireAuthorization(auth), (req) => void getAuthorization(req))
function handler(req: AuthorizedRequest<'admin' | 'editor'>) {
  getAuthorization(req).isGrantedRole('admin')
}
app.get('/x/:y', requireAuthorization(auth), handler)
function plain(req: Request) {
  // @ts-expect-error nobody proved that it is protected
  getAuthorization(req)
}
app.get('/p', requireAuthorization(auth), plain)

// Everywhere that Express takes a middleware.
const middleware: RequestHandler = requireAuthorization(auth)
app.use(middleware)
const middlewares: RequestHandler[] = [requireAuthorization(auth), optionalAuthorization(auth)]
const log: RequestHandler = (_req, _res, next) => next()
router.get('/list', [requireAuthorization(auth), log], handler)
router.use([requireAuthorization(auth)])
app.use([express.json(), requireAuthorization(auth)])
const unless = (_paths: string[], wrapped: RequestHandler): RequestHandler => wrapped
app.use(unless(['/health'], requireAuthorization(auth)))
app.get('/spread', ...middlewares, handler)
app.get('/cast', requireAuthorization(auth) as RequestHandler, handler)
app.get('/before', log, requireAuthorization(auth), (req) => void getAuthorization(req).isGrantedRole('admin'))
app.get('/after', requireAuthorization(auth), log, (req) => void getAuthorization(req).isGrantedRole('admin'))
// A middleware that types its own locals goes first; it hides the proof, and the compiler lets the call be.
const withTenant: RequestHandler<ParamsDictionary, unknown, unknown, ParsedQs, { tenant: string }> = (
  _req,
  _res,
  next,
) => next()
app.get('/locals', withTenant, requireAuthorization(auth), (req, res) => {
  getAuthorization(req).isGrantedRole('admin')
  expectTypeOf(res.locals.tenant).toEqualTypeOf<string>()
})
app.get('/locals-later', requireAuthorization(auth) as RequestHandler, withTenant, (req, res) => {
  getAuthorization(req).isGrantedRole('admin')
  expectTypeOf(res.locals.tenant).toEqualTypeOf<string>()
})

// Requirements that are functions know the request.
app.get(
  '/orgs/:id',
  requireAuthorization(auth, (req) => ({ role: 'admin', inOrganization: req.params.id })),
  (req) => {
    expectTypeOf(req.params).toEqualTypeOf<{ id: string }>()
    getAuthorization(req).isGrantedRole('editor')
  },
)
requireAuthorization(auth, async (req) => (req.ip === undefined ? true : { anyRole: ['admin', 'editor'] }))
requireAuthorization(auth, true, { onRefusal: 'throw' })
// @ts-expect-error there is no such role
requireAuthorization(auth, (_req) => ({ role: 'amdin' }))
// @ts-expect-error a requirement that is given is not undefined
requireAuthorization(auth, undefined)
// @ts-expect-error a requirement that is given is not undefined, options or not
requireAuthorization(auth, undefined, { onRefusal: 'throw' })
// @ts-expect-error a requirement stands before the options
requireAuthorization(auth, true, { role: 'admin' })
// @ts-expect-error nobody made an auth
requireAuthorization()
