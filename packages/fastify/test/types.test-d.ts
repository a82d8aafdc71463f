import { type AuthorizationContext, createZitadelAuth } from '@org/zitadel-auth'
import fastify from 'fastify'
import { expectTypeOf } from 'vitest'
import { getAuthorization, zitadelAuth } from '../src/index.js'

type Role = 'admin' | 'editor'

declare module '../src/types.js' {
  interface ApplicationTypes {
    role: 'admin' | 'editor'
  }
}

const auth = createZitadelAuth<{ role: Role }>({ domain: 'example.com', key: 'key' })
// @ts-expect-error a credential is missing
createZitadelAuth({ domain: 'example.com' })
const app = fastify()
app.register(zitadelAuth, { auth })
// @ts-expect-error the plugin needs an auth
app.register(zitadelAuth, {})
// @ts-expect-error nobody knows this option
app.register(zitadelAuth, { auth, nmae: 'partner' })

app.get('/', { config: { authorization: { role: 'admin' } } }, (request) => {
  expectTypeOf(request.authorization).toEqualTypeOf<AuthorizationContext<Role> | null>()
  // @ts-expect-error the route may be one without authorization
  request.authorization.userId
  const context = getAuthorization(request)
  context.isGrantedRole('admin')
  // @ts-expect-error there is no such role
  context.isGrantedRole('amdin')
})
app.get('/true', { config: { authorization: true } }, () => '')
app.get('/optional', { config: { authorization: 'optional' } }, () => '')
// @ts-expect-error there is no such role
app.get('/role', { config: { authorization: { role: 'amdin' } } }, () => '')
app.get('/hook', { onRequest: app.authorization.require({ role: 'admin' }) }, () => '')
// @ts-expect-error there is no such role
app.get('/hook', { onRequest: app.authorization.require({ role: 'amdin' }) }, () => '')
// @ts-expect-error a requirement has no such member; in a route's config, whose type Fastify infers, it is a start-up error
app.get('/member', { onRequest: app.authorization.require({ rolle: 'admin' }) }, () => '')
app.addHook('onRequest', app.authorization.optional())
app.get('/later', { preHandler: [app.authorization.require({ role: 'admin' })] }, () => '')
// @ts-expect-error a hook for preParsing takes the body too
app.get('/body', { preParsing: app.authorization.require({ role: 'admin' }) }, () => '')
