// Where people put what the middleware of Hono gives. Every line below an expectation must fail to compile, and every other line
// must compile. Hono's own types are left unchecked: they need a newer TypeScript than we do.
import { createZitadelAuth } from '@org/zitadel-auth'
import * as honoAdapter from '@org/zitadel-auth-fetch/hono'
import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { except, some } from 'hono/combine'

const auth = createZitadelAuth<{ role: 'admin' | 'editor' }>({ domain: 'example.com', keyFile: './api.json' })
const guard = honoAdapter.requireAuthorization(auth)
const log: MiddlewareHandler = async (_c, next) => next()

const app = new Hono()
app.get('/users/:id', guard, (c) => {
  honoAdapter.getAuthorization(c).isGrantedRole('admin')
  // @ts-expect-error there is no such role
  honoAdapter.getAuthorization(c).isGrantedRole('amdin')
  // @ts-expect-error there is no such role
  honoAdapter.authorize(c, { role: 'amdin' })
  const id: string = c.req.param('id')
  const userId: string = c.var.authorization.userId
  return c.json({ id, userId })
})
app.get('/open', (c) => {
  // @ts-expect-error the route is not protected
  honoAdapter.getAuthorization(c)
  return c.json({})
})
app.get('/log-first/:id', log, guard, (c) => c.json(honoAdapter.getAuthorization(c).isGrantedRole('editor')))
app.get('/optional', honoAdapter.optionalAuthorization(auth), (c) => {
  // @ts-expect-error the request may be anonymous
  honoAdapter.getAuthorization(c)
  return c.json(honoAdapter.getOptionalAuthorization(c)?.userId)
})
app.get(
  '/orgs/:id',
  honoAdapter.requireAuthorization(auth, (c) => ({ role: 'admin', inOrganization: c.req.param('id') })),
  (c) => c.json(honoAdapter.getAuthorization(c).userId),
)
app.use('/api/*', except('/api/healthz', guard))
app.use('/api/*', some(log, guard))
// @ts-expect-error a requirement that is given is not undefined
honoAdapter.requireAuthorization(auth, undefined)
// @ts-expect-error a requirement stands before the options
honoAdapter.requireAuthorization(auth, true, { role: 'admin' })
app.onError((error, c) => honoAdapter.refuse(auth, error, c) ?? c.text('internal error', 500))

// Whole applications, and handlers in another file.
const whole = new Hono<honoAdapter.AuthorizedEnv<'admin' | 'editor'>>().basePath('/api')
whole.use(guard)
const inAnotherFile = (c: Context<honoAdapter.AuthorizedEnv<'admin' | 'editor'>>): Response => {
  // @ts-expect-error there is no such role
  honoAdapter.getAuthorization(c).isGrantedRole('amdin')
  return c.json(honoAdapter.getAuthorization(c).userId)
}
whole.get('/list', inAnotherFile)
app.get('/in-another-file', guard, inAnotherFile)
app.route('/', whole)
