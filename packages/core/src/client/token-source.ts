import { AuthorizationError, isAuthorizationError } from '../errors/authorization-error.js'
import { createProblemLog } from '../internal/problem-log.js'
import { readText, requireKnown } from '../internal/read-option.js'
import { isBareToken } from '../request/bearer-token.js'
import { type AuthorizedFetch, createAuthorizedFetch, readAllowedOrigins } from './authorized-fetch.js'
import {
  connectTokenProvider,
  providerOptionNames,
  type TokenProvider,
  type TokenProviderOptions,
} from './provider-options.js'
import { type AnyCredentials, readGrant, requireOneWay, type ServiceAccountCredentials } from './read-grant.js'
import { createRenewedToken, type RenewedToken } from './renewed-token.js'
import { readScopes } from './scopes.js'
import { createTokenRequest } from './token-request.js'

/** A personal access token, instead of credentials. ZITADEL is not asked for tokens then. */
export interface PersonalAccessToken {
  /** The personal access token of a service account. */
  readonly token: string
  readonly keyFile?: never
  readonly key?: never
  readonly clientId?: never
  readonly clientSecret?: never
}

/** What the token is for. */
export interface TokenPurpose {
  /** The ids of the projects whose APIs you call; these reject a token without it. `zitadel` is ZITADEL's own API. */
  readonly projects?: readonly string[]
  /** Further scopes, such as `urn:zitadel:iam:org:projects:roles`. `openid` is always one. */
  readonly scopes?: readonly string[]
  /**
   * The origins that {@link TokenSource.fetch} may send the token to, such as `https://api.example.com`. Without it,
   * none.
   */
  readonly allowedOrigins?: readonly string[]
}

/**
 * The options of {@link createTokenSource}: {@link TokenProviderOptions}, {@link TokenPurpose}, and
 * {@link ServiceAccountCredentials} or a {@link PersonalAccessToken} in one object.
 */
export type TokenSourceOptions = TokenProviderOptions & TokenPurpose & (ServiceAccountCredentials | PersonalAccessToken)

/** Tokens of a service account, for requests to other APIs. {@link createTokenSource} returns it. */
export interface TokenSource {
  /**
   * Returns a valid token. The first call asks ZITADEL. Later ones get the cached token, which is renewed in the
   * background before it expires.
   *
   * @throws `AuthorizationError`: `ERR_PROVIDER_UNAVAILABLE` or `ERR_PROVIDER_NOT_FOUND` when there is no token and
   * ZITADEL does not respond, `ERR_CONFIGURATION` when it rejects the credentials
   */
  token(): Promise<string>
  /**
   * Like the global `fetch`, with the token, for the allowed origins only. Does not follow redirects, but returns them.
   * After a 401 it tries once more with a new token.
   *
   * @throws `TypeError`: when the origin is not allowed, the request has an `Authorization` header of its own, or
   * redirects should be followed; and when the global `fetch` throws it
   * @throws `AuthorizationError`: as {@link TokenSource.token} does
   */
  readonly fetch: AuthorizedFetch
  /** Drops the token. Later calls fail. */
  close(): void
}

const ways = ['keyFile', 'key', 'clientId', 'clientSecret', 'token'] as const

const optionNames: Readonly<Record<keyof TokenProviderOptions | keyof TokenPurpose | (typeof ways)[number], true>> = {
  ...providerOptionNames,
  keyFile: true,
  key: true,
  clientId: true,
  clientSecret: true,
  token: true,
  projects: true,
  scopes: true,
  allowedOrigins: true,
}

/**
 * Creates a source of tokens with which a service account calls other APIs. Makes no request until a token is needed.
 *
 * @param options - the domain, the credentials of the service account, and what the token is for
 * @throws `TypeError`: when an option is unknown, missing or malformed, or the key cannot be read
 *
 * @example
 * ```ts
 * import { createTokenSource } from '@org/zitadel-auth/client'
 *
 * const orders = createTokenSource({
 *   domain: 'my-domain.zitadel.cloud',
 *   keyFile: './service-account.json',
 *   projects: ['223427827918176513'],
 *   allowedOrigins: ['https://orders.example.com'],
 * })
 *
 * const response = await orders.fetch('https://orders.example.com/orders')
 * ```
 */
export function createTokenSource(options: TokenSourceOptions): TokenSource {
  requireKnown(options, optionNames, 'option')
  requireOneWay(options, ways, 'of the service account')
  const scopes = readScopes(options)
  const provider = connectTokenProvider(options)
  const allowedOrigins = readAllowedOrigins(options.allowedOrigins ?? [], provider.address.requireSecure)
  const renewed = connect(provider, options, scopes)
  let isClosed = false
  const open: RenewedToken = {
    async get() {
      if (isClosed) throw new AuthorizationError('ERR_PROVIDER_UNAVAILABLE', 'this source of tokens is closed')
      return renewed.get()
    },
    replace: renewed.replace,
    drop: renewed.drop,
  }
  return {
    token: open.get,
    fetch: createAuthorizedFetch({ renewed: open, allowedOrigins }),
    close() {
      isClosed = true
      renewed.drop()
    },
  }
}

function connect(provider: TokenProvider, options: AnyCredentials, scopes: readonly string[]): RenewedToken {
  if (options.token !== undefined) return createFixedToken(options.token)
  const { logger, clock } = provider
  const log = createProblemLog({ logger, clock })
  const ask = createTokenRequest({ ...provider, grant: readGrant(options, provider), scopes })
  async function request() {
    try {
      return await ask()
    } catch (error) {
      if (isAuthorizationError(error)) log(error)
      throw error
    }
  }
  return createRenewedToken({ ...provider, request, onFailure: () => {} })
}

function createFixedToken(given: unknown): RenewedToken {
  const token = readText(given, 'token')
  // It would end up in a header, and in the words of whoever refuses it there.
  if (!isBareToken(token)) throw new TypeError('token has characters that a token cannot have')
  return { get: async () => token, replace: async () => undefined, drop: () => {} }
}
