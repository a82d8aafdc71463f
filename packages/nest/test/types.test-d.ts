import type { CanActivate, ExecutionContext } from '@nestjs/common'
import { type AuthorizationContext, createZitadelAuth } from '@org/zitadel-auth'
import { expectTypeOf } from 'vitest'
import {
  Authorization,
  Authorize,
  authenticateConnection,
  getAuthorization,
  getOptionalAuthorization,
  OptionalAuthorization,
  Public,
  Roles,
  requireAuthorization,
  ZitadelAuthModule,
} from '../src/index.js'

type Role = 'admin' | 'editor' | 'owner'

declare module '../src/application-types.js' {
  interface ApplicationTypes {
    role: 'admin' | 'editor' | 'owner'
  }
}

const auth = createZitadelAuth<{ role: Role }>({ domain: 'example.com', key: 'key' })
declare const context: ExecutionContext

// The module.
ZitadelAuthModule.forRoot({ auth })
ZitadelAuthModule.forRoot({ auth, undeclared: 'public', onRefusal: 'throw' })
ZitadelAuthModule.forRootAsync({ useFactory: async () => ({ auth }) })
ZitadelAuthModule.forRootAsync({
  inject: ['config'],
  useFactory: (config: { isOpen: boolean }) => ({ auth, undeclared: config.isOpen ? 'public' : true }),
})
// @ts-expect-error the module needs an auth
ZitadelAuthModule.forRoot({})
// @ts-expect-error nobody knows this option
ZitadelAuthModule.forRoot({ auth, rolle: 'admin' })
// @ts-expect-error there is no such option value
ZitadelAuthModule.forRoot({ auth, undeclared: 'optional' })

// Decorators, on classes and methods, and on parameters.
@Authorize({ role: 'admin' })
class Tasks {
  @Authorize()
  list(@Authorization() authorization: AuthorizationContext<Role>) {
    return authorization.userId
  }

  @OptionalAuthorization({ anyRole: ['admin', 'editor'] })
  feed(@Authorization() authorization?: AuthorizationContext<Role>) {
    return authorization?.userId
  }

  @Roles('admin', 'editor')
  @Public()
  roles() {}

  @Authorize((asked) => ({ role: 'admin', inOrganization: asked.switchToHttp().getRequest().params.id }))
  organization() {}

  @Authorize(async (asked) => (asked.getType() === 'http' ? true : { role: 'editor' }))
  async later() {}
}
new Tasks()
// @ts-expect-error there is no such role
Authorize({ role: 'amdin' })
// @ts-expect-error there is no such role
Authorize(() => ({ role: 'amdin' }))
// @ts-expect-error a requirement that is given is not undefined
Authorize(undefined)
// @ts-expect-error a requirement has no such member
Authorize({ rolle: 'admin' })
// @ts-expect-error there is no such role
Roles('amdin')
// @ts-expect-error a role is missing
Roles()
// @ts-expect-error it asks for nothing
Public(true)

// Contexts.
expectTypeOf(getAuthorization(context)).toEqualTypeOf<AuthorizationContext<Role>>()
expectTypeOf(getOptionalAuthorization(context)).toEqualTypeOf<AuthorizationContext<Role> | undefined>()
// @ts-expect-error the call may be anonymous
void getOptionalAuthorization(context).userId

// Guards.
expectTypeOf(requireAuthorization(auth)).toEqualTypeOf<CanActivate>()
requireAuthorization(auth, { role: 'admin' }, { onRefusal: 'throw' })
// @ts-expect-error there is no such role
requireAuthorization(auth, { role: 'amdin' })
// @ts-expect-error a requirement stands before the options
requireAuthorization(auth, true, { role: 'admin' })

// Connections.
const connected = await authenticateConnection(auth, { handshake: {} }, { role: 'admin' })
expectTypeOf(connected).toEqualTypeOf<AuthorizationContext<Role> | undefined>()
void authenticateConnection(auth, { client: {}, request: {} })
// @ts-expect-error there is no such role
void authenticateConnection(auth, { handshake: {} }, { role: 'amdin' })
// @ts-expect-error a socket of ws needs its request
void authenticateConnection(auth, { client: {} })
