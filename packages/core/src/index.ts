/**
 * Accept ZITADEL access tokens in any Node.js API.
 *
 * @packageDocumentation
 */

export { authorize } from './authorization/authorize.js'
export type { AuthorizationContext, RoleCheckOptions } from './authorization/context.js'
export type { Requirement } from './authorization/requirement.js'
export type { RoleGrants } from './authorization/role-grants.js'
export {
  AuthorizationError,
  type AuthorizationErrorCode,
  type AuthorizationErrorOptions,
  isAuthorizationError,
} from './errors.js'
export type { Clock } from './internal/clock.js'
export type { DiagnosticEvents } from './internal/diagnostics.js'
export type { Logger } from './internal/problem-log.js'
export type {
  CacheOptions,
  CredentialOptions,
  JwtOptions,
  LocalVerificationOptions,
  NoCredentialOptions,
  ProviderOptions,
  VerificationOptions,
  ZitadelAuthOptions,
} from './options.js'
export type { ApplicationKeyJson } from './provider/application-key.js'
export type { Fetch, FetchInit } from './provider/fetch-json.js'
export { readAuthorizationHeader } from './request/authorization-header.js'
export type { AuthorizationHeader } from './request/bearer-token.js'
export type { HttpRefusal, RefusalFormat } from './response/refusal.js'
export type { ForgetTarget } from './verification/forget-target.js'
export type { Actor } from './verification/verifier.js'
export { type AuthTypes, createZitadelAuth, type RoleOf, type ZitadelAuth } from './zitadel-auth.js'
