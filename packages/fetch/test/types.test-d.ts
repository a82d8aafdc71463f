import { createZitadelAuth } from '@org/zitadel-auth'
import { type Context, Hono } from 'hono'
import { expectTypeOf } from 'vitest'
import {
  type AuthorizedEnv,
  authorize,
  getAuthorization,
  getOptionalAuthorization,
  optionalAuthorization,
  requireAuthorization,
} from '../src/hono.js'
import * as gates from '../src/index.js'

const auth = createZitadelAuth<{ role: 'admin' | 'editor' }>({ domain: 'example.com', key: 'key' })
declare const request: Request

// A gate gives a context or an answer, which `instanceof` tells apart.
const admitted = await gates.requireAuthorization(auth, { role: 'admin' })(request)
if (admitted instanceof Response) expectTypeOf(admitted).toEqualTypeOf<Response>()
else {
  expectTypeOf(admitted.userId).toEqualTypeOf<string>()
  admitted.isGrantedRole('editor')
  // @ts-expect-error there is no such role
  admitted.isGrantedRole('amdin')
}
// @ts-expect-error it may be an answer
void (await gates.requireAuthorization(auth)(request)).userId
const optional = await gates.optionalAuthorization(auth)(request)
if (!(optional instanceof Response)) {
  expectTypeOf(optional?.userId).toEqualTypeOf<string | undefined>()
  // @ts-expect-error the request may be anonymous
  void optional.userId
}

// What throws gives no answer.
const thrown = await gates.requireAuthorization(auth, true, { onRefusal: 'throw' })(request)
expectTypeOf(thrown.userId).toEqualTypeOf<string>()
// @ts-expect-error it may be an answer
void (await gates.requireAuthorization(auth, true, { onRefusal: 'respond' })(request)).userId
declare const onRefusal: 'respond' | 'throw'
// @ts-expect-error it may be an answer
void (await gates.requireAuthorization(auth, true, { onRefusal })(request)).userId

// Requirements.
gates.requireAuthorization(auth, (asked) => ({ role: 'admin', inOrganization: new URL(asked.url).pathname }))
gates.requireAuthorization(auth, async (asked) => (asked.method === 'GET' ? true : { anyRole: ['admin', 'editor'] }))
// @ts-expect-error there is no such role
gates.requireAuthorization(auth, { role: 'amdin' })
// @ts-expect-error there is no such role
gates.requireAuthorization(auth, () => ({ role: 'amdin' }))
// @ts-expect-error a requirement that is given is not undefined
gates.requireAuthorization(auth, undefined)
// @ts-expect-error a requirement stands before the options
gates.requireAuthorization(auth, true, { role: 'admin' })
// @ts-expect-error there is no such option value
gates.requireAuthorization(auth, true, { onRefusal: 'ignore' })

// What an edge runtime gives beside the request.
void gates.requireAuthorization(auth)(request, { waitUntil: (work: Promise<unknown>) => void work })
// @ts-expect-error it keeps nothing alive
void gates.requireAuthorization(auth)(request, {})

// Handlers: those of Bun and Deno, a worker's, and one of Next.js with its own request and parameters.
interface OwnRequest extends Request {
  readonly nextUrl: URL
}
const handle = gates.protect(auth, { role: 'admin' }, (_request, authorization) => {
  authorization.isGrantedRole('editor')
  // @ts-expect-error there is no such role
  authorization.isGrantedRole('amdin')
  return new Response()
})
expectTypeOf(handle).toEqualTypeOf<(request: Request) => Promise<Response>>()
const fetch = gates.protect(auth, true, (_request, { userId }, env: { db: string }, ctx: { waitUntil(): void }) => {
  ctx.waitUntil()
  return new Response(userId + env.db)
})
expectTypeOf(fetch).parameters.toEqualTypeOf<[Request, { db: string }, { waitUntil(): void }]>()
const GET = gates.protect(
  auth,
  (asked: OwnRequest) => ({ role: 'admin', inOrganization: asked.nextUrl.pathname }),
  async (_request, { userId }, { params }: { params: Promise<{ id: string }> }) =>
    new Response(userId + (await params).id),
)
expectTypeOf(GET).parameters.toEqualTypeOf<[OwnRequest, { params: Promise<{ id: string }> }]>()
// @ts-expect-error there is no such role
gates.protect(auth, { role: 'amdin' }, () => new Response())
// @ts-expect-error a requirement that is given is not undefined
gates.protect(auth, undefined, () => new Response())
// @ts-expect-error a handler answers
gates.protect(auth, true, () => 'OK')

gates.getAuthorization<'admin'>(request).isGrantedRole('admin')
expectTypeOf(gates.getOptionalAuthorization(request)?.userId).toEqualTypeOf<string | undefined>()
// @ts-expect-error a requirement has no such member
gates.authorize(request, { rolle: 'admin' })

// Hono: routes.
const app = new Hono()
app.get('/users/:id', requireAuthorization(auth), (c) => {
  expectTypeOf(c.req.param('id')).toEqualTypeOf<string>()
  expectTypeOf(c.var.authorization.userId).toEqualTypeOf<string>()
  expectTypeOf(c.get('authorization').userId).toEqualTypeOf<string>()
  getAuthorization(c).isGrantedRole('admin')
  // @ts-expect-error there is no such role
  getAuthorization(c).isGrantedRole('amdin')
  authorize(c, { role: 'admin' })
  // @ts-expect-error there is no such role
  authorize(c, { role: 'amdin' })
  // @ts-expect-error a requirement has no such member
  authorize(c, { rolle: 'admin' })
  return c.json({})
})
app.get('/open', (c) => {
  // @ts-expect-error the route is not protected
  getAuthorization(c)
  // @ts-expect-error the route is not protected
  authorize(c, { role: 'admin' })
  return c.json({})
})
app.get('/optional', optionalAuthorization(auth), (c) => {
  expectTypeOf(getOptionalAuthorization(c)?.userId).toEqualTypeOf<string | undefined>()
  // @ts-expect-error the request may be anonymous
  getAuthorization(c)
  return c.json({})
})
app.get(
  '/orgs/:id',
  requireAuthorization(auth, (c) => ({ role: 'admin', inOrganization: c.req.param('id') })),
  (c) => c.json(getAuthorization(c).userId),
)
app.use(
  '/orgs/:id/*',
  requireAuthorization(auth, (c) => ({ role: 'admin', inOrganization: c.req.param('id') })),
)
app.use(requireAuthorization(auth, async (c) => (c.req.path === '/' ? true : { anyRole: ['admin', 'editor'] })))
// @ts-expect-error there is no such role
app.use(requireAuthorization(auth, () => ({ role: 'amdin' })))
// @ts-expect-error a requirement that is given is not undefined
app.use(requireAuthorization(auth, undefined))
app.use(requireAuthorization(auth, true, { onRefusal: 'throw' }))

// Hono: applications that are protected as a whole, and handlers in another file.
new Hono().use(requireAuthorization(auth)).get('/', (c) => c.json(getAuthorization(c).isGrantedRole('admin')))
const whole = new Hono<AuthorizedEnv<'admin' | 'editor'>>()
whole.use(requireAuthorization(auth))
whole.get('/', (c) => c.json(c.var.authorization.isGrantedRole('editor')))
const inAnotherFile = (c: Context<AuthorizedEnv<'admin' | 'editor'>>): Response => {
  // @ts-expect-error there is no such role
  getAuthorization(c).isGrantedRole('amdin')
  return c.json(getAuthorization(c).userId)
}
whole.get('/x', inAnotherFile)
app.get('/y', requireAuthorization(auth), inAnotherFile)

// Hono: beside variables and bindings of one's own.
type Own = { Bindings: { token: string }; Variables: { tenant: string } }
const own = new Hono<Own>()
own.get('/:id', requireAuthorization(auth), async (c) => {
  expectTypeOf(c.var.tenant).toEqualTypeOf<string>()
  expectTypeOf(c.env.token).toEqualTypeOf<string>()
  return c.json([c.req.param('id'), getAuthorization(c).userId])
})
