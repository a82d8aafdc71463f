import { createSecureServer } from 'node:http2'
import { type AuthorizationContext, createZitadelAuth } from '@org/zitadel-auth'
import fastify, { type FastifyBaseLogger } from 'fastify'
import { expectTypeOf } from 'vitest'
import '../src/augment.js'
import {
  authorizationErrorHandler,
  getAuthorization,
  getOptionalAuthorization,
  optionalAuthorization,
  requireAuthorization,
  zitadelAuth,
} from '../src/index.js'

type Role = 'admin' | 'editor'

declare module '../src/application-types.js' {
  interface ApplicationTypes {
    role: 'admin' | 'editor'
  }
}

const auth = createZitadelAuth<{ role: Role }>({ domain: 'example.com', key: 'key' })
// @ts-expect-error a credential is missing
createZitadelAuth({ domain: 'example.com' })
const app = fastify()
app.register(zitadelAuth, { auth })
app.register(zitadelAuth, { auth, name: 'partner', undeclared: 'public', onRefusal: 'throw' })
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
  expectTypeOf(getOptionalAuthorization(request)).toEqualTypeOf<AuthorizationContext<Role> | undefined>()
})
app.get('/true', { config: { authorization: true } }, () => '')
app.get('/public', { config: { authorization: 'public' } }, () => '')
app.get('/optional', { config: { authorization: 'optional' } }, () => '')
app.get('/optional-role', { config: { authorization: { optional: { role: 'admin' } } } }, () => '')
// @ts-expect-error there is no such role
app.get('/role', { config: { authorization: { role: 'amdin' } } }, () => '')
app.get(
  '/orgs/:id',
  { config: { authorization: (request) => ({ role: 'admin', inOrganization: request.params.id }) } },
  () => '',
)
app.get('/hook', { onRequest: requireAuthorization(auth, { role: 'admin' }) }, () => '')
app.get('/hooks', { onRequest: [requireAuthorization(auth), requireAuthorization(auth, { role: 'admin' })] }, () => '')
app.get(
  '/function',
  { onRequest: requireAuthorization(auth, (request) => ({ role: 'admin', inOrganization: request.params.id })) },
  () => '',
)
// @ts-expect-error there is no such role
app.get('/hook', { onRequest: requireAuthorization(auth, { role: 'amdin' }) }, () => '')
// @ts-expect-error a requirement has no such member; in a route's config, whose type Fastify infers, it is a start-up error
app.get('/member', { onRequest: requireAuthorization(auth, { rolle: 'admin' }) }, () => '')
// @ts-expect-error a requirement that is given is not undefined
requireAuthorization(auth, undefined)
// @ts-expect-error a requirement stands before the options
requireAuthorization(auth, true, { role: 'admin' })
app.addHook('onRequest', optionalAuthorization(auth))
app.get('/later', { preHandler: [requireAuthorization(auth, { role: 'admin' })] }, () => '')
// @ts-expect-error a hook for preParsing takes the body too
app.get('/body', { preParsing: requireAuthorization(auth) }, () => '')
app.setErrorHandler(authorizationErrorHandler(auth))

// Other servers and loggers.
const secure = fastify({ http2: true, serverFactory: (handler) => createSecureServer({}, handler as never) as never })
secure.register(zitadelAuth, { auth })
secure.setErrorHandler(authorizationErrorHandler(auth))
secure.get('/', { onRequest: requireAuthorization(auth) }, (request) => getAuthorization(request).userId)
const logged = fastify({ loggerInstance: console as unknown as FastifyBaseLogger & { audit(words: string): void } })
logged.register(zitadelAuth, { auth })
logged.setErrorHandler(authorizationErrorHandler(auth))
logged.get('/', { onRequest: requireAuthorization(auth) }, (request) => {
  request.log.audit('seen')
  return getAuthorization(request).userId
})
