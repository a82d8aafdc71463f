/**
 * A server interceptor for `@grpc/grpc-js` that accepts ZITADEL's access tokens, and credentials for clients that send
 * one. Start with {@link createAuthorizationInterceptor}.
 *
 * @module @org/zitadel-auth-grpc
 */

// In the order of the reference: servers first.

export { createAuthorizationInterceptor } from './interceptor.js'

// Who makes a call, and what methods need.

export { getAuthorization, getOptionalAuthorization } from './authorization.js'
export type { MethodRequirement, MethodRequirements, ServiceRequirements } from './method-requirements.js'
export { toGrpcRefusal } from './refusal.js'

// Clients, and further options.

export {
  type CallToken,
  type CallTokenSource,
  createBearerCredentials,
  createInsecureBearerInterceptor,
} from './bearer-credentials.js'
export type { InterceptorOptions } from './interceptor-options.js'

// Types for the compiler.

export type { AuthorizedCall } from './authorization.js'
export type { FullMethodName, MethodName, MethodPath, RequirementRequest } from './method-requirements.js'
