import { authorizeAsync, scopeOfJwt } from './authorization/authorize.js'
import { type AuthorizationContext, createAuthorizationContext } from './authorization/context.js'
import { type Requirement, readRequirement } from './authorization/requirement.js'
import { connect } from './connect.js'
import { AuthorizationError, isAuthorizationError } from './errors.js'
import { createProblemLog } from './internal/problem-log.js'
import { toSafeLogger } from './internal/safe-logger.js'
import { toError } from './internal/thrown.js'
import type { ZitadelAuthOptions } from './options.js'
import { readOptions } from './read-options.js'
import {
  type AuthorizationHeader,
  type BearerToken,
  readBearerToken,
  readOptionalBearerToken,
} from './request/bearer-token.js'
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
   * Gives the context of a request with a good token, and with a requirement only if it is met. Before it refuses on a
   * remembered answer it asks ZITADEL again, so a new role works at once; only a revocation waits for the cache.
   *
   * @param header - the `Authorization` header: one value, a list of all values, or undefined
   * @param requirement - what the request must bring beyond a good token
   * @throws {AuthorizationError} `ERR_TOKEN_MISSING`, `ERR_SCHEME_UNSUPPORTED` or `ERR_REQUEST_MALFORMED` for the header,
   * `ERR_TOKEN_INVALID` for the token, `ERR_PERMISSION_DENIED` for the requirement, `ERR_PROVIDER_UNAVAILABLE` or
   * `ERR_PROVIDER_NOT_FOUND` when ZITADEL does not answer, `ERR_CONFIGURATION` when it refuses this API
   * @throws {TypeError} when the requirement is empty or malformed
   */
  authenticate(
    header: AuthorizationHeader,
    requirement?: Requirement<RoleOf<Types>>,
  ): Promise<AuthorizationContext<RoleOf<Types>>>
  /**
   * The same, but gives undefined for a request without credentials. Bad credentials are still refused.
   *
   * @throws what {@link ZitadelAuth.authenticate} throws, but never `ERR_TOKEN_MISSING`
   */
  authenticateOptional(
    header: AuthorizationHeader,
    requirement?: Requirement<RoleOf<Types>>,
  ): Promise<AuthorizationContext<RoleOf<Types>> | undefined>
  /**
   * Checks a requirement at start-up rather than at the first request, and gives a frozen copy that needs no second
   * check; undefined for undefined, which asks for nothing.
   *
   * @throws {TypeError} when the requirement is empty or malformed
   */
  readRequirement(requirement: Requirement<RoleOf<Types>> | undefined): Requirement<RoleOf<Types>> | undefined
  /** Gives the HTTP answer to an {@link AuthorizationError}, and undefined for any other error: that one is not about authorization. */
  refusal(error: unknown): HttpRefusal | undefined
  /**
   * Resolves when ZITADEL has been found. For those who want to fail at start-up; requests do not need it.
   *
   * @throws {AuthorizationError} `ERR_PROVIDER_UNAVAILABLE` or `ERR_PROVIDER_NOT_FOUND` when it does not answer,
   * `ERR_CONFIGURATION` when the domain is not that of a ZITADEL
   */
  ready(): Promise<void>
  /** Drops what is remembered of a token, of all tokens of a user, or of the token with an id: for revocation events. */
  forget(target: ForgetTarget): void
  /** Drops everything that is remembered. */
  forgetAll(): void
  /** Drops everything that is remembered, for good: later requests get 503. Questions under way end by themselves. */
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
  const read = readOptions(options)
  const settings = { ...read, logger: toSafeLogger(read.logger) }
  const { verifier, ready } = connect(settings)
  const log = createProblemLog(settings)
  const { publish } = settings
  let isClosed = false

  async function admit(token: BearerToken, requirement: Requirement | undefined): Promise<AuthorizationContext> {
    if (isClosed) throw new AuthorizationError('ERR_PROVIDER_UNAVAILABLE', 'this ZitadelAuth is closed')
    const { claims, remembered } = await verifier.verify(token)
    const context = createAuthorizationContext(claims, token)
    if (requirement === undefined) return announce(context)
    try {
      await authorizeAsync(context, requirement)
      return announce(context)
    } catch (error) {
      // An answer that leads to a refusal is never old, and where ZITADEL can be asked a JWT is not the last word.
      const isFinal = claims.verifiedBy === 'introspection' ? !remembered : settings.verification === 'jwt'
      if (isFinal || !isAuthorizationError(error)) throw error
    }
    const current = createAuthorizationContext(await verifier.verifyAgain(token), token)
    await authorizeAsync(current, requirement)
    return announce(current)
  }

  function announce(context: AuthorizationContext): AuthorizationContext {
    publish('verified', () => ({ userId: context.userId, verifiedBy: context.verifiedBy }))
    return context
  }

  function readRequired<Role extends string>(
    requirement: Requirement<Role> | undefined,
  ): Requirement<Role> | undefined {
    if (requirement === undefined) return undefined
    const required = readRequirement(requirement)
    if (required.scope !== undefined && settings.verification === 'jwt') {
      throw new TypeError(scopeOfJwt)
    }
    return required
  }

  /** Tells whoever listens why a request is refused: its own story to diagnostics, ours to the log. Gives what to throw. */
  function report(thrown: unknown): object {
    const error = toError(thrown, 'the authorization of a request')
    if (isAuthorizationError(error)) publish('refused', () => ({ code: error.code, reason: error.message }))
    log(error)
    return error
  }

  return {
    async authenticate(header, requirement) {
      const required = readRequired(requirement)
      try {
        return await admit(readBearerToken(header), required)
      } catch (thrown) {
        throw report(thrown)
      }
    },
    async authenticateOptional(header, requirement) {
      const required = readRequired(requirement)
      try {
        const token = readOptionalBearerToken(header)
        return token === undefined ? undefined : await admit(token, required)
      } catch (thrown) {
        throw report(thrown)
      }
    },
    readRequirement: readRequired,
    refusal: (error) =>
      isAuthorizationError(error) ? toHttpRefusal(error, { format: settings.refusalFormat }) : undefined,
    ready: async () => void (await ready()),
    forget: verifier.forget,
    forgetAll: verifier.forgetAll,
    close() {
      isClosed = true
      verifier.forgetAll()
    },
  }
}
