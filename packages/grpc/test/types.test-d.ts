import { type MethodDefinition, Server, type ServerUnaryCall, type ServiceDefinition } from '@grpc/grpc-js'
import { type AuthorizationContext, createZitadelAuth } from '@org/zitadel-auth'
import { expectTypeOf } from 'vitest'
import {
  createAuthorizationInterceptor,
  getAuthorization,
  getOptionalAuthorization,
  type MethodName,
  type MethodPath,
} from '../src/index.js'
import { kindsService } from './kinds.js'

const auth = createZitadelAuth<{ role: 'admin' | 'editor' }>({ domain: 'example.com', key: 'key' })
const untyped = createZitadelAuth({ domain: 'example.com', key: 'key' })

type Method = MethodDefinition<object, object>
/** As proto-loader-gen-types writes it: names that are known, paths that are not. */
interface GreeterDefinition extends ServiceDefinition {
  Greet: Method
  Watch: Method
}
/** As grpc_tools_node_protoc_ts writes it. */
interface HealthDefinition {
  check: Method & { path: '/grpc.health.v1.Health/Check' }
}
declare const greeter: GreeterDefinition
declare const health: HealthDefinition
declare const unknown: ServiceDefinition

expectTypeOf<MethodName<GreeterDefinition>>().toEqualTypeOf<'Greet' | 'Watch'>()
expectTypeOf<MethodPath<GreeterDefinition>>().toEqualTypeOf<never>()
expectTypeOf<MethodPath<typeof kindsService>>().toEqualTypeOf<
  '/test.Kinds/Unary' | '/test.Kinds/ClientStream' | '/test.Kinds/ServerStream' | '/test.Kinds/Bidirectional'
>()

new Server({
  interceptors: [
    createAuthorizationInterceptor(auth, {
      services: [
        [greeter, { Greet: 'public', Watch: { role: 'admin' } }],
        [health, { check: { optional: true } }],
        [kindsService, true],
        [unknown, { Anything: { check: (context) => context.isGrantedRole('admin') } }],
      ],
      methods: { '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo': 'public' },
    }),
  ],
})
createAuthorizationInterceptor(untyped, { services: [[greeter, { Greet: true, Watch: { role: 'any' } }]] })
createAuthorizationInterceptor(auth, {
  services: [
    [
      kindsService,
      {
        '/test.Kinds/Unary': 'public',
        '/test.Kinds/ClientStream': true,
        '/test.Kinds/ServerStream': { anyRole: ['admin', 'editor'] },
        '/test.Kinds/Bidirectional': { check: (context) => context.isGrantedRole('editor') },
      },
    ],
  ],
})

// @ts-expect-error there is no such method
createAuthorizationInterceptor(auth, { services: [[greeter, { Greet: true, Watch: true, Wacth: true }]] })
// @ts-expect-error a method is left out
createAuthorizationInterceptor(auth, { services: [[greeter, { Greet: true }]] })
// @ts-expect-error there is no such role
createAuthorizationInterceptor(auth, { services: [[greeter, { Greet: true, Watch: { role: 'amdin' } }]] })
// @ts-expect-error there is no such role
createAuthorizationInterceptor(auth, { services: [[greeter, { Greet: true, Watch: { optional: { role: 'x' } } }]] })
// @ts-expect-error a requirement has no such member
createAuthorizationInterceptor(auth, { services: [[greeter, { Greet: true, Watch: { rolle: 'admin' } }]] })
// @ts-expect-error there is no such word
createAuthorizationInterceptor(auth, { services: [[greeter, 'private']] })
// @ts-expect-error there is no such full name
createAuthorizationInterceptor(auth, { services: [[health, { '/grpc.health.v1.Health/Chekc': 'public' }]] })
createAuthorizationInterceptor(auth, { services: [[health, { '/grpc.health.v1.Health/Check': 'public' }]] })
createAuthorizationInterceptor(auth, {
  // @ts-expect-error the role of a check is a known one
  services: [[health, { check: { check: (context) => context.isGrantedRole('amdin') } }]],
})
// @ts-expect-error the name is not full
createAuthorizationInterceptor(auth, { methods: { Check: 'public' } })
// @ts-expect-error there is no such role
createAuthorizationInterceptor(auth, { methods: { '/a.B/C': { role: 'amdin' } } })
// @ts-expect-error there is no such option
createAuthorizationInterceptor(auth, { methods: { '/a.B/C': true } }, { endStreams: true })

declare const call: ServerUnaryCall<object, object>
expectTypeOf(getAuthorization(call)).toEqualTypeOf<AuthorizationContext>()
expectTypeOf(getOptionalAuthorization(call)?.userId).toEqualTypeOf<string | undefined>()
getAuthorization<'admin' | 'editor'>(call).isGrantedRole('admin')
// @ts-expect-error there is no such role
getAuthorization<'admin' | 'editor'>(call).isGrantedRole('amdin')
