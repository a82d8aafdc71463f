/**
 * A gRPC server interceptor that accepts ZITADEL's tokens.
 *
 * @packageDocumentation
 */

export { type AuthorizedCall, getAuthorization, getOptionalAuthorization } from './authorization.js'
export {
  type CallToken,
  type CallTokenSource,
  createBearerCredentials,
  createInsecureBearerInterceptor,
} from './bearer-credentials.js'
export { createAuthorizationInterceptor } from './interceptor.js'
export type { InterceptorOptions } from './interceptor-options.js'
export type {
  FullMethodName,
  MethodName,
  MethodPath,
  MethodRequirement,
  MethodRequirements,
  RequirementRequest,
  ServiceRequirements,
} from './method-requirements.js'
export { toGrpcRefusal } from './refusal.js'
