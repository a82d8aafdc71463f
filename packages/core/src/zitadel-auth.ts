import { offerRecall } from './adapter/recall.js'
import { createAdmission, type RequirementSource } from './authorization/admission.js'
import { type AuthorizationContext, isContextOf } from './authorization/context.js'
import { isNeverMet } from './authorization/find-unmet.js'
import { requireAnswerable } from './authorization/require-answerable.js'
import {
  type LazyRequirement,
  type RequirementChoice,
  readRequirementChoice,
  toRequirement,
} from './authorization/requirement-choice.js'
import { connect } from './connect.js'
import { AuthorizationError, challengeFor, isAuthorizationError } from './errors/authorization-error.js'
import { createProblemLog } from './internal/problem-log.js'
import { toError } from './internal/thrown.js'
import type { TracedOperations } from './internal/tracing.js'
import type { ZitadelAuthOptions } from './options.js'
import { readOptions } from './read-options.js'
import {
  type AuthorizationHeader,
  type BearerToken,
  cutToken,
  readBareToken,
  readBearerToken,
  readOptionalBearerToken,
} from './request/bearer-token.js'
import type { ResourceMetadata } from './resource-metadata.js'
import { type HttpRefusal, toHttpRefusal } from './response/refusal.js'
import type { ForgetTarget } from './verification/forget-target.js'

/**
 * What an application can tell the compiler about its ZITADEL: the type parameter of {@link createZitadelAuth}.
 *
 * @group Types for the compiler
 */
export interface AuthTypes {
  /** The names of the roles in the project, as a union. Without it, a role is any string. */
  readonly role?: string
}

/**
 * The names of the roles that {@link AuthTypes} declares.
 *
 * @group Types for the compiler
 */
export type RoleOf<Types extends AuthTypes> = Types extends { readonly role: infer Role extends string } ? Role : string

/**
 * Accepts the tokens of one ZITADEL for one API. Create one per process and share it. {@link createZitadelAuth} returns
 * it.
 *
 * @typeParam Types - what the application tells the compiler, such as the names of the roles
 */
export interface ZitadelAuth<Types extends AuthTypes = AuthTypes> {
  /**
   * Authenticates a request: returns its context if it has a valid token and meets the requirement.
   *
   * Before it rejects a request, it asks ZITADEL again, unless that has happened since the request began. So a new role
   * works at once, and only a revocation takes as long as a response is cached.
   *
   * @param header - the `Authorization` header: one value, a list of all values, or undefined
   * @param requirement - what the request needs: `true` for a valid token, a requirement, or a function that returns
   * one of them and is called after the token was verified. Default: `true`
   * @throws `AuthorizationError`: `ERR_TOKEN_MISSING`, `ERR_SCHEME_UNSUPPORTED`, `ERR_REQUEST_MALFORMED` or
   * `ERR_TOKEN_TOO_LONG` for the header, `ERR_TOKEN_INVALID` for the token, `ERR_PERMISSION_DENIED` or
   * `ERR_AUTHENTICATION_INSUFFICIENT` for the requirement, `ERR_PROVIDER_UNAVAILABLE` or `ERR_PROVIDER_NOT_FOUND` when
   * ZITADEL does not respond, `ERR_CONFIGURATION` when it rejects this API
   * @throws `TypeError`: when a requirement is given and is `undefined`, empty or malformed, when no token can meet it
   * in this mode of verification, or when the header is neither text nor a list of texts
   */
  authenticate(
    header: AuthorizationHeader,
    ...requirement: readonly [] | readonly [requirement: LazyRequirement<RoleOf<Types>>]
  ): Promise<AuthorizationContext<RoleOf<Types>>>
  /**
   * Like {@link ZitadelAuth.authenticate}, but returns undefined for a request without credentials. Invalid credentials
   * are still rejected.
   *
   * @param header - the `Authorization` header: one value, a list of all values, or undefined
   * @param requirement - what a request with credentials needs. Default: `true`
   * @throws `AuthorizationError`: as {@link ZitadelAuth.authenticate} does, but never `ERR_TOKEN_MISSING`
   * @throws `TypeError`: as {@link ZitadelAuth.authenticate} does
   */
  authenticateOptional(
    header: AuthorizationHeader,
    ...requirement: readonly [] | readonly [requirement: LazyRequirement<RoleOf<Types>>]
  ): Promise<AuthorizationContext<RoleOf<Types>> | undefined>
  /**
   * Like {@link ZitadelAuth.authenticate}, for a token that does not come in a header: from a cookie, a parameter, or
   * the first message of a socket.
   *
   * @param token - the token without a scheme; undefined or null if the request has none
   * @param requirement - what the request needs. Default: `true`
   * @throws `AuthorizationError`: as {@link ZitadelAuth.authenticate} does, but never `ERR_SCHEME_UNSUPPORTED`
   * @throws `TypeError`: as {@link ZitadelAuth.authenticate} does, and when the token is not text
   */
  authenticateToken(
    token: string | null | undefined,
    ...requirement: readonly [] | readonly [requirement: LazyRequirement<RoleOf<Types>>]
  ): Promise<AuthorizationContext<RoleOf<Types>>>
  /**
   * Checks a requirement after the request began, for example in a handler. Asks ZITADEL again before it rejects, and
   * returns the context that meets the requirement: the given one, or a newer one of the same token. The exported
   * function `authorize` checks the given context only.
   *
   * @param context - a context of this ZitadelAuth
   * @param requirement - `true`, or a requirement
   * @throws `AuthorizationError`: `ERR_PERMISSION_DENIED` or `ERR_AUTHENTICATION_INSUFFICIENT` when the requirement is
   * not met, `ERR_TOKEN_INVALID` when the token is no longer valid, and what {@link ZitadelAuth.authenticate} throws
   * when ZITADEL cannot be asked
   * @throws `TypeError`: when {@link ZitadelAuth.authenticate} would not accept the requirement, or the context is not
   * one of this ZitadelAuth
   */
  authorize(
    context: AuthorizationContext<RoleOf<Types>>,
    requirement: RequirementChoice<RoleOf<Types>>,
  ): Promise<AuthorizationContext<RoleOf<Types>>>
  /**
   * Checks a requirement at startup rather than at the first request. Returns a frozen copy that is not checked again,
   * or `true` for `true`.
   *
   * @param requirement - `true`, or a requirement
   * @throws `TypeError`: when the requirement is missing, empty or malformed, or no token can meet it in this mode of
   * verification
   */
  readRequirement(requirement: RequirementChoice<RoleOf<Types>>): RequirementChoice<RoleOf<Types>>
  /**
   * The metadata of the protected resource, from which clients such as those of MCP find ZITADEL; undefined without the
   * option `resource`. The adapters serve it with `resourceMetadata(auth)`.
   */
  readonly resourceMetadata: ResourceMetadata | undefined
  /**
   * Returns the HTTP response for an {@link AuthorizationError}, and undefined for any other error.
   *
   * @param error - anything that was thrown
   */
  refusal(error: unknown): HttpRefusal | undefined
  /**
   * Resolves when ZITADEL was found, has accepted the credentials of this API, and has published its keys if they are
   * needed. Each call introspects a token that does not exist, except in mode `jwt`, which uses no credentials. For
   * APIs that want to fail at startup; requests do not need it.
   *
   * @throws `AuthorizationError`: `ERR_PROVIDER_UNAVAILABLE` or `ERR_PROVIDER_NOT_FOUND` when ZITADEL does not respond,
   * `ERR_CONFIGURATION` when there is no ZITADEL at the domain, or it rejects the credentials
   */
  ready(): Promise<void>
  /**
   * Reports that a token, all tokens of a user, the token with an id, or a session was revoked: for revocation events.
   * Responses and signatures from before are no longer trusted, and the next request asks ZITADEL. Where ZITADEL cannot
   * be asked, which is mode `jwt`, JWTs from before are rejected, so that their clients get new ones. Since clocks
   * differ, this includes JWTs of the next five seconds.
   *
   * @param target - what was revoked
   * @throws `TypeError`: when the target is empty or malformed, such as `{ userId: undefined }`
   */
  forget(target: ForgetTarget): void
  /** Like {@link ZitadelAuth.forget}, for all tokens. */
  forgetAll(): void
  /**
   * Empties the cache and ends the subscription of the store, for good: later requests get 503. Requests to ZITADEL
   * that are under way end on their own.
   */
  close(): void
}

/**
 * Creates what an API needs to accept ZITADEL's tokens. Reads the key, but makes no request: ZITADEL is looked up when
 * the first request needs it.
 *
 * @typeParam Types - `{ role: 'admin' | 'editor' }` makes a misspelled role a compile error
 * @param options - the domain, the credentials, and what differs from the defaults
 * @throws `TypeError`: when an option is unknown, missing or malformed, or the key cannot be read
 *
 * @example
 * ```ts
 * import { createZitadelAuth } from '@org/zitadel-auth'
 *
 * export const auth = createZitadelAuth<{ role: 'admin' | 'editor' }>({
 *   domain: 'my-domain.zitadel.cloud',
 *   keyFile: './api.json',
 * })
 * await auth.ready() // optional: fails now if ZITADEL rejects the key, and not at the first request
 * ```
 */
export function createZitadelAuth<Types extends AuthTypes = AuthTypes>(
  options: ZitadelAuthOptions,
): ZitadelAuth<Types> {
  const settings = readOptions(options)
  const { verification, address, publish, trace, clock, resource } = settings
  const { maxHeaderBytes } = settings.limits
  const { verifier, ready } = connect(settings)
  const source = { issuer: address.issuer, clock, resource }
  const admission = createAdmission({ verifier, verification, source, clock })
  const log = createProblemLog({ ...settings, isHint: verification === 'introspection' ? isNeverMet : undefined })
  let isClosed = false

  function readRequirement(choice: RequirementChoice): RequirementChoice {
    const requirement = readRequirementChoice(choice)
    requireAnswerable(toRequirement(requirement), settings)
    return requirement
  }

  /** What is given and `undefined`, such as a misspelled member of an object of requirements, is not "nothing". */
  function readGiven(given: readonly LazyRequirement[]): RequirementSource {
    const requirement = given.length === 0 ? true : given[0]
    if (typeof requirement === 'function') return async () => readRequirement(await requirement())
    return readRequirement(requirement as RequirementChoice)
  }

  function requireOpen(): void {
    if (isClosed) throw new AuthorizationError('ERR_PROVIDER_UNAVAILABLE', 'this ZitadelAuth is closed')
  }

  async function admit(token: BearerToken, required: RequirementSource): Promise<AuthorizationContext> {
    requireOpen()
    return admission.admit(token, required)
  }

  /** Most requests bring a token that is cached: they get by without a promise, and are told of like all others. */
  function recall(header: AuthorizationHeader, required: RequirementChoice): AuthorizationContext | undefined {
    const text = cutToken(header, maxHeaderBytes)
    if (text === undefined || isClosed) return undefined
    const beganMs = trace.isHeard('authenticate') ? clock.elapsed() : undefined
    const context = admission.recall(text, required)
    if (context === undefined) return undefined
    if (beganMs !== undefined) trace.tell('authenticate', toOutcome(context), beganMs)
    publish('cache', () => ({ outcome: 'hit' }))
    tellVerified(context)
    return context
  }

  function recallFor(header: AuthorizationHeader, required: RequirementSource): AuthorizationContext | undefined {
    return typeof required === 'function' ? undefined : recall(header, required)
  }

  function tellVerified({ userId, verifiedBy }: AuthorizationContext): void {
    publish('verified', () => ({ userId, verifiedBy }))
  }

  /** Decides over a request, and tells whoever listens how. */
  async function decide<Context extends AuthorizationContext | undefined>(
    run: () => Promise<Context>,
  ): Promise<Context> {
    try {
      const context = await trace.run('authenticate', {}, run, toOutcome)
      if (context !== undefined) tellVerified(context)
      return context
    } catch (thrown) {
      throw report(thrown)
    }
  }

  /** Tells why a request is refused: its own story to diagnostics, ours to the log. Gives what to throw. */
  function report(thrown: unknown): object {
    const error = challengeFor(resource, toError(thrown, 'the authorization of a request'))
    if (isAuthorizationError(error)) publish('refused', () => ({ code: error.code, reason: error.reason }))
    log(error)
    return error
  }

  function requireOwnContext(context: unknown): void {
    if (isContextOf(source, context)) return
    throw new TypeError('authorize takes a context that this ZitadelAuth gave, and no other')
  }

  return {
    authenticate: offerRecall(async (header: AuthorizationHeader, ...given: readonly LazyRequirement[]) => {
      const required = readGiven(given)
      return recallFor(header, required) ?? decide(async () => admit(readBearerToken(header, maxHeaderBytes), required))
    }, recall),
    authenticateOptional: offerRecall(async (header: AuthorizationHeader, ...given: readonly LazyRequirement[]) => {
      const required = readGiven(given)
      return (
        recallFor(header, required) ??
        decide(async () => {
          const token = readOptionalBearerToken(header, maxHeaderBytes)
          return token === undefined ? undefined : admit(token, required)
        })
      )
    }, recall),
    async authenticateToken(token, ...given) {
      const required = readGiven(given)
      return decide(async () => admit(readBareToken(token, maxHeaderBytes), required))
    },
    async authorize(context, requirement) {
      const required = readRequirement(requirement)
      requireOwnContext(context)
      return decide(async () => {
        requireOpen()
        return admission.reconsider(context, required)
      })
    },
    resourceMetadata: resource,
    readRequirement: readRequirement as ZitadelAuth<Types>['readRequirement'],
    refusal: (error) =>
      isAuthorizationError(error)
        ? toHttpRefusal(challengeFor(resource, error), { format: settings.refusalFormat })
        : undefined,
    ready: async () => void (await ready()),
    forget: verifier.forget,
    forgetAll: verifier.forgetAll,
    close() {
      isClosed = true
      verifier.close()
    },
  }
}

function toOutcome(context: AuthorizationContext | undefined): TracedOperations['authenticate'] {
  return { verifiedBy: context?.verifiedBy }
}
