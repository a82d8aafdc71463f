import type { Metadata } from '@grpc/grpc-js'
import type { AuthorizationContext } from '@org/zitadel-auth'

/** The call that a handler of any of the four kinds gets. */
export interface AuthorizedCall {
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
 * Gives the context of a call to a protected method.
 *
 * @typeParam Role - the names of the roles, where they are declared
 * @param call - the call a handler got
 * @throws {TypeError} when the method is public, or no interceptor of ours looked at the call
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
 * Gives the context of a call to a method that is declared `{ optional: … }`, and undefined for an anonymous one.
 *
 * @typeParam Role - the names of the roles, where they are declared
 * @param call - the call a handler got
 */
export function getOptionalAuthorization<Role extends string = string>(
  call: AuthorizedCall,
): AuthorizationContext<Role> | undefined {
  return findAuthorization(call.metadata) as AuthorizationContext<Role> | undefined
}
