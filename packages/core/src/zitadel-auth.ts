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

/** What an application can tell the compiler of its ZITADEL. */
export interface AuthTypes {
  /** The names of the roles in the project, as a union. Default: any string. */
  readonly role?: string
}

/** The names of the roles that {@link AuthTypes} declares. */
export type RoleOf<Types extends AuthTypes> = Types extends { readonly role: infer Role extends string } ? Role : string

/** Accepts the tokens of one ZITADEL for one API. Make one per process and share it. */
export interface ZitadelAuth<Types extends AuthTypes = AuthTypes> {
  /**
   * Gives the context of a request with a good token, and with a requirement only if it is met. Before it refuses it asks
   * ZITADEL again, unless it has been asked since the request began, so a new role works at once; only a revocation waits
   * for the cache.
   *
   * @param header - the `Authorization` header: one value, a list of all values, or undefined
   * @param requirement - what the request must bring: `true` for a good token, a requirement, or a function that gives one
   * and is called once the token is known to be good. Default: `true`
   * @throws {AuthorizationError} `ERR_TOKEN_MISSING`, `ERR_SCHEME_UNSUPPORTED`, `ERR_REQUEST_MALFORMED` or
   * `ERR_TOKEN_TOO_LONG` for the header,
   * `ERR_TOKEN_INVALID` for the token, `ERR_PERMISSION_DENIED` for the requirement, `ERR_PROVIDER_UNAVAILABLE` or
   * `ERR_PROVIDER_NOT_FOUND` when ZITADEL does not answer, `ERR_CONFIGURATION` when it refuses this API
   * @throws {TypeError} when a requirement is given and is `undefined`, empty or malformed, or no token can meet it in this
   * mode of verification
   */
  authenticate(
    header: AuthorizationHeader,
    ...requirement: readonly [] | readonly [requirement: LazyRequirement<RoleOf<Types>>]
  ): Promise<AuthorizationContext<RoleOf<Types>>>
  /**
   * The same, but gives undefined for a request without credentials. Bad credentials are still refused.
   *
   * @throws what {@link ZitadelAuth.authenticate} throws, but never `ERR_TOKEN_MISSING`
   */
  authenticateOptional(
    header: AuthorizationHeader,
    ...requirement: readonly [] | readonly [requirement: LazyRequirement<RoleOf<Types>>]
  ): Promise<AuthorizationContext<RoleOf<Types>> | undefined>
  /**
   * The same as {@link ZitadelAuth.authenticate} for a token that comes without a header: from a cookie, a parameter, or the
   * first message of a socket.
   *
   * @param token - the bare token, without a scheme; undefined or null where the request has none
   * @throws what {@link ZitadelAuth.authenticate} throws, but never `ERR_SCHEME_UNSUPPORTED`
   */
  authenticateToken(
    token: string | null | undefined,
    ...requirement: readonly [] | readonly [requirement: LazyRequirement<RoleOf<Types>>]
  ): Promise<AuthorizationContext<RoleOf<Types>>>
  /**
   * Gives a context that meets the requirement: the one at hand or, since ZITADEL is asked again before a refusal, a newer
   * one of its token. For a decision after the request began, where `authorize(context, requirement)` judges it as it is.
   *
   * @param context - from this ZitadelAuth
   * @param requirement - `true`, or a requirement
   * @throws {AuthorizationError} `ERR_PERMISSION_DENIED` when the requirement is not met, `ERR_TOKEN_INVALID` when the token
   * is not good any more, and what {@link ZitadelAuth.authenticate} throws when ZITADEL can't be asked
   * @throws {TypeError} when the requirement is one that {@link ZitadelAuth.authenticate} does not take, or the context is
   * none, or that of another ZitadelAuth
   */
  authorize(
    context: AuthorizationContext<RoleOf<Types>>,
    requirement: RequirementChoice<RoleOf<Types>>,
  ): Promise<AuthorizationContext<RoleOf<Types>>>
  /**
   * Checks a requirement at start-up rather than at the first request, and gives a frozen copy that needs no second
   * check; `true` for `true`.
   *
   * @throws {TypeError} when the requirement is missing, empty or malformed, or no token can meet it in this mode of
   * verification
   */
  readRequirement(requirement: RequirementChoice<RoleOf<Types>>): RequirementChoice<RoleOf<Types>>
  /**
   * The metadata of what is protected, for clients that find ZITADEL by themselves, as those of MCP do; undefined without the option
   * `resource`. The adapters serve it: `resourceMetadata(auth)`.
   */
  readonly resourceMetadata: ResourceMetadata | undefined
  /** Gives the HTTP answer to an {@link AuthorizationError}, and undefined for any other error: that one is not about authorization. */
  refusal(error: unknown): HttpRefusal | undefined
  /**
   * Resolves when ZITADEL has been found, accepts the credentials of this API, which it is asked at every call by one introspection
   * of a token that nobody has, and has published its keys where they are needed. In `jwt` that is all: there credentials are not
   * used. For those who want to fail at start-up; requests do not need it.
   *
   * @throws {AuthorizationError} `ERR_PROVIDER_UNAVAILABLE` or `ERR_PROVIDER_NOT_FOUND` when it does not answer,
   * `ERR_CONFIGURATION` when the domain is not that of a ZITADEL, or it refuses the credentials
   */
  ready(): Promise<void>
  /**
   * Says that a token, everything of a user, the token with an id, or a session was revoked: for revocation events. Nothing that
   * ZITADEL has answered or signed before is believed any more without asking it; where it can't be asked, which is so in `jwt`,
   * JWTs from before are refused, so that their clients get new ones; since no two clocks agree, those of the next five seconds too.
   *
   * @throws {TypeError} when the target says nothing, such as `{ userId: undefined }`
   */
  forget(target: ForgetTarget): void
  /** The same for everything. */
  forgetAll(): void
  /**
   * Drops everything that is remembered, for good: later requests get 503. Ends the subscription of the store. Questions under way
   * end by themselves.
   */
  close(): void
}

/**
 * Makes the one object an API needs to accept ZITADEL's tokens. Reads the key, but never touches the network: ZITADEL
 * is found when the first request needs it.
 *
 * @typeParam Types - `{ role: 'admin' | 'editor' }` makes a misspelt role a compile error
 * @param options - the domain, the credentials, and what departs from the defaults
 * @throws {TypeError} when an option is unknown, missing or malformed, or the key can't be read
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

  /** What is given and `undefined`, such as a misspelt member of an object of requirements, is not "nothing". */
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
