import { createZitadelAuth } from '@org/zitadel-auth'
import express, { type Request, Router } from 'express'
import { expectTypeOf } from 'vitest'
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
