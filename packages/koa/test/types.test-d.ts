import Router from '@koa/router'
import { createZitadelAuth } from '@org/zitadel-auth'
import Koa from 'koa'
import { expectTypeOf } from 'vitest'
import {
  authorize,
  getAuthorization,
  getOptionalAuthorization,
  optionalAuthorization,
  requireAuthorization,
} from '../src/index.js'

const auth = createZitadelAuth<{ role: 'admin' | 'editor' }>({ domain: 'example.com', key: 'key' })
// @ts-expect-error a credential is missing
createZitadelAuth({ domain: 'example.com' })

const app = new Koa()
const router = new Router()

router.get('/users/:id', requireAuthorization(auth), (ctx) => {
  expectTypeOf(ctx.state).not.toBeAny()
  const context = getAuthorization(ctx)
  expectTypeOf(context.userId).toEqualTypeOf<string>()
  expectTypeOf(ctx.state.authorization.userId).toEqualTypeOf<string>()
  context.isGrantedRole('admin')
  // @ts-expect-error there is no such role
  context.isGrantedRole('amdin')
  authorize(ctx, { role: 'admin' })
  // @ts-expect-error there is no such role
  authorize(ctx, { role: 'amdin' })
  // @ts-expect-error a requirement has no such member
  authorize(ctx, { rolle: 'admin' })
})
router.get('/open', (ctx) => {
  // @ts-expect-error the route is not protected
  getAuthorization(ctx)
  // @ts-expect-error the route is not protected
  authorize(ctx, { role: 'admin' })
})
router.get('/optional', optionalAuthorization(auth), (ctx) => {
  expectTypeOf(getOptionalAuthorization(ctx)?.userId).toEqualTypeOf<string | undefined>()
  // @ts-expect-error the request may be anonymous
  getAuthorization(ctx)
})
// @ts-expect-error there is no such role
requireAuthorization(auth, { role: 'amdin' })
app.use(requireAuthorization(auth)).use((ctx) => {
  authorize(ctx, { role: 'admin' })
  // @ts-expect-error there is no such role
  authorize(ctx, { role: 'amdin' })
})
app.use((ctx) => {
  // @ts-expect-error the route is not protected
  getAuthorization(ctx)
})
