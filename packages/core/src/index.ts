/**
 * Accepts ZITADEL access tokens in any Node.js API. Start with {@link createZitadelAuth}; the adapters for Express,
 * Fastify, Koa, NestJS, gRPC and the Fetch API take what it returns.
 *
 * @module @org/zitadel-auth
 */

// In the order of the reference: what one looks up first.

export type { ZitadelAuthOptions } from './options.js'
export { createZitadelAuth, type ZitadelAuth } from './zitadel-auth.js'

// Who makes a request, and what they need.

export { authorize } from './authorization/authorize.js'
export type { AuthorizationContext } from './authorization/context.js'
export type { Requirement } from './authorization/requirement.js'
export type { LazyRequirement, RequestRequirement, RequirementChoice } from './authorization/requirement-choice.js'

// Why a request is rejected.

export { AuthorizationError, isAuthorizationError } from './errors/authorization-error.js'
export type { AuthorizationErrorCode } from './errors/code.js'
export type { HttpRefusal, RefusalFormat } from './response/refusal.js'

// The options.

export type { ProviderOptions } from './options.js'

// Their parts.

export type { Logger } from './internal/problem-log.js'
export type {
  CacheOptions,
  CredentialOptions,
  JwtOptions,
  LocalVerificationOptions,
  VerificationOptions,
} from './options.js'
export type { ApplicationKeyJson } from './provider/application-key.js'
export type { EndpointOptions } from './provider/endpoints.js'
export type { Fetch } from './provider/transport/fetch-transport.js'
export type { CacheStore } from './verification/shared-store.js'

// The parts of everything else.

export type { RoleCheckOptions } from './authorization/context.js'
export type { UserGroup } from './authorization/groups.js'
export { isAuthorizationContext } from './authorization/is-context.js'
export type { RoleGrants } from './authorization/role-grants.js'
export type { AuthorizationErrorOptions } from './errors/authorization-error.js'
export type { ErrorCause } from './errors/cause.js'
export { readAuthorizationHeader } from './request/authorization-header.js'
export type { AuthorizationHeader } from './request/bearer-token.js'
export type { ResourceDocument, ResourceMetadata } from './resource-metadata.js'
export type { ForgetTarget } from './verification/forget-target.js'
export type { Actor } from './verification/verifier.js'

// To observe it, and to set its time.

export { type Clock, readClock, systemClock } from './internal/clock.js'
export type { DiagnosticEvents } from './internal/diagnostics.js'
export { readLogger } from './internal/read-logger.js'
export type { RequestKind, TracedEvent, TracedOperations } from './internal/tracing.js'

// Types for the compiler.

export type { NoCredentialOptions } from './options.js'
export type { FetchAnswer, FetchInit } from './provider/transport/fetch-transport.js'
export type { FetchStyleRequest, NodeStyleRequest } from './request/authorization-header.js'
export type { AuthTypes, RoleOf } from './zitadel-auth.js'
