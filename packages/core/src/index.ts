/**
 * Accept ZITADEL access tokens in any Node.js API.
 *
 * @packageDocumentation
 */

export { authorize } from './authorization/authorize.js'
export type { AuthorizationContext, RoleCheckOptions } from './authorization/context.js'
export type { UserGroup } from './authorization/groups.js'
export { isAuthorizationContext } from './authorization/is-context.js'
export type { Requirement } from './authorization/requirement.js'
export type { LazyRequirement, RequestRequirement, RequirementChoice } from './authorization/requirement-choice.js'
export type { RoleGrants } from './authorization/role-grants.js'
export {
  AuthorizationError,
  type AuthorizationErrorOptions,
  isAuthorizationError,
} from './errors/authorization-error.js'
export type { ErrorCause } from './errors/cause.js'
export type { AuthorizationErrorCode } from './errors/code.js'
export { type Clock, readClock, systemClock } from './internal/clock.js'
export type { DiagnosticEvents } from './internal/diagnostics.js'
export type { Logger } from './internal/problem-log.js'
export { readLogger } from './internal/read-logger.js'
export type { QuestionKind, TracedEvent, TracedOperations } from './internal/tracing.js'
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
export type { EndpointOptions } from './provider/endpoints.js'
export type { Fetch, FetchAnswer, FetchInit } from './provider/transport/fetch-transport.js'
export {
  type FetchStyleRequest,
  type NodeStyleRequest,
  readAuthorizationHeader,
} from './request/authorization-header.js'
export type { AuthorizationHeader } from './request/bearer-token.js'
export type { ResourceDocument, ResourceMetadata } from './resource-metadata.js'
export type { HttpRefusal, RefusalFormat } from './response/refusal.js'
export type { ForgetTarget } from './verification/forget-target.js'
export type { CacheStore } from './verification/shared-store.js'
export type { Actor } from './verification/verifier.js'
export { type AuthTypes, createZitadelAuth, type RoleOf, type ZitadelAuth } from './zitadel-auth.js'
