import Router from '@koa/router'
import { createZitadelAuth } from '@org/zitadel-auth'
import Koa, { type Context } from 'koa'
import { expectTypeOf } from 'vitest'
import {
  type AuthorizedContext,
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

// A router that is protected as a whole, and handlers in another file.
const whole = new Router()
whole.use(requireAuthorization(auth))
const inAnotherFile = (ctx: AuthorizedContext<'admin' | 'editor'>): void => {
  getAuthorization(ctx).isGrantedRole('admin')
  // @ts-expect-error there is no such role
  getAuthorization(ctx).isGrantedRole('amdin')
  authorize(ctx, { role: 'editor' })
}
whole.get('/x', inAnotherFile)
router.get('/y/:id', requireAuthorization(auth), inAnotherFile)
app.use(inAnotherFile)
const typed = new Router<import('../src/index.js').AuthorizedState<'admin' | 'editor'>>()
typed.use(requireAuthorization(auth))
typed.get('/z', (ctx) => void getAuthorization(ctx).isGrantedRole('admin'))
const plain = (ctx: Context): void => {
  // @ts-expect-error nobody proved that it is protected
  getAuthorization(ctx)
}
router.get('/plain', requireAuthorization(auth), plain)

// Requirements that are functions know the context.
router.get(
  '/orgs/:id',
  requireAuthorization(auth, (ctx) => ({ role: 'admin', inOrganization: ctx.params.id })),
  (ctx) => void getAuthorization(ctx),
)
requireAuthorization(auth, async (ctx) => (ctx.ip === '' ? true : { anyRole: ['admin', 'editor'] }))
requireAuthorization(auth, true, { onRefusal: 'throw' })
// @ts-expect-error there is no such role
requireAuthorization(auth, (_ctx) => ({ role: 'amdin' }))
// @ts-expect-error a requirement that is given is not undefined
requireAuthorization(auth, undefined)
// @ts-expect-error a requirement stands before the options
requireAuthorization(auth, true, { role: 'admin' })
