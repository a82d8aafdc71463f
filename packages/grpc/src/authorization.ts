import type { Metadata } from '@grpc/grpc-js'
import type { AuthorizationContext } from '@org/zitadel-auth'

/**
 * The call that a handler of any of the four kinds gets.
 *
 * @group Types for the compiler
 */
export interface AuthorizedCall {
  /** The metadata that came with the call. */
  readonly metadata: Metadata
}

// A registered symbol, so that an ESM and a CommonJS copy of this package find each other's contexts.
const key = Symbol.for('@org/zitadel-auth-grpc/authorization')

/**
 * Remembers who makes a call: on the options of its metadata, which a clone shares, so that an interceptor after ours may
 * hand the handler a changed copy. Not enumerable: metadata that is logged or forwarded does not show it.
 */
export function setAuthorization(metadata: Metadata, context: AuthorizationContext): void {
  // A copy first: the options may be an object that an interceptor before ours gives to every call.
  metadata.setOptions(Object.defineProperty({ ...metadata.getOptions() }, key, { value: context }))
}

/** Gives what {@link setAuthorization} remembered. */
export function findAuthorization(metadata: Metadata): AuthorizationContext | undefined {
  return (metadata.getOptions() as { readonly [key]?: AuthorizationContext })[key]
}

/**
 * Returns the context of a call to a protected method.
 *
 * @typeParam Role - the names of the roles, if they are declared
 * @param call - the call of a handler
 * @throws `TypeError`: when the method is public, the call is anonymous, or no interceptor of this package ran before
 *
 * @example
 * ```ts
 * import type { handleUnaryCall } from '@grpc/grpc-js'
 * import { getAuthorization } from '@org/zitadel-auth-grpc'
 *
 * export const addTask: handleUnaryCall<{ text: string }, { text: string }> = (call, callback) => {
 *   const { userId } = getAuthorization(call)
 *   callback(null, { text: `${call.request.text}, added by ${userId}` })
 * }
 * ```
 */
export function getAuthorization<Role extends string = string>(call: AuthorizedCall): AuthorizationContext<Role> {
  const context = findAuthorization(call.metadata)
  if (context === undefined) {
    throw new TypeError(
      'getAuthorization(call) in a method that is not protected: declare true or a requirement for it in createAuthorizationInterceptor',
    )
  }
  return context as AuthorizationContext<Role>
}

/**
 * Returns the context of a call to a method whose authorization is optional, and undefined for an anonymous call.
 *
 * @typeParam Role - the names of the roles, if they are declared
 * @param call - the call of a handler
 *
 * @example
 * ```ts
 * import type { handleUnaryCall } from '@grpc/grpc-js'
 * import { getOptionalAuthorization } from '@org/zitadel-auth-grpc'
 *
 * export const greet: handleUnaryCall<object, { text: string }> = (call, callback) => {
 *   callback(null, { text: `Hello ${getOptionalAuthorization(call)?.username ?? 'stranger'}` })
 * }
 * ```
 */
export function getOptionalAuthorization<Role extends string = string>(
  call: AuthorizedCall,
): AuthorizationContext<Role> | undefined {
  return findAuthorization(call.metadata) as AuthorizationContext<Role> | undefined
}
