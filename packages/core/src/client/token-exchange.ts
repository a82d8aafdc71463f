import type { AuthorizationContext } from '../authorization/context.js'
import { isAuthorizationContext } from '../authorization/is-context.js'
import { AuthorizationError, isAuthorizationError } from '../errors/authorization-error.js'
import { BoundedMap } from '../internal/bounded-map.js'
import { createProblemLog } from '../internal/problem-log.js'
import { readCount, requireKnown, requireNoneUnset } from '../internal/read-option.js'
import { createSingleFlight } from '../internal/single-flight.js'
import { createCircuitBreaker } from '../provider/circuit-breaker.js'
import { createBasicAuthenticator } from '../provider/client-authentication.js'
import { toThrottledMs } from '../provider/failure.js'
import { toTokenDigest } from '../verification/token-digest.js'
import { createExchangeRequest, type ExchangePurpose } from './exchange-request.js'
import type { IssuedToken } from './issued-token.js'
import { connectTokenProvider, providerOptionNames, type TokenProviderOptions } from './provider-options.js'
import { readNames } from './scopes.js'
import { toUsableMs } from './usable.js'

/** The options of {@link createTokenExchange}. */
export interface TokenExchangeOptions extends TokenProviderOptions {
  /** The client id of an OIDC application with the grant type Token Exchange. */
  readonly clientId: string
  /** The client secret of that application. */
  readonly clientSecret: string
  /**
   * How many tokens are cached. When there are more, those that were not used lately are removed.
   *
   * @defaultValue `10_000`
   */
  readonly maxEntries?: number
}

/** What the new token is for. It can only be narrower than the caller's. */
export interface ExchangeOptions {
  /**
   * The ids of projects, or client ids, that the new token is for. They must be in the audience of the caller's token.
   * Without it, all of them.
   */
  readonly audience?: readonly string[]
  /** The scopes of the new token. The caller's token must have them. Without it, all of them. */
  readonly scopes?: readonly string[]
  /**
   * Whether the new token is opaque or a JWT.
   *
   * @defaultValue `'opaque'`
   */
  readonly tokenType?: 'opaque' | 'jwt'
}

/** Exchanges tokens of callers for tokens for the next API. {@link createTokenExchange} returns it. */
export interface TokenExchange {
  /**
   * Returns a token on behalf of the caller, for the next API only. It is cached until it or the caller's token
   * expires.
   *
   * @param context - of the caller's request
   * @param options - what the token is for
   * @throws `AuthorizationError`: `ERR_PERMISSION_DENIED` when the caller's token does not have that audience or scope,
   * `ERR_TOKEN_INVALID` when it is no longer valid, or not for the exchanging application, `ERR_CONFIGURATION` when
   * ZITADEL rejects the application, `ERR_PROVIDER_UNAVAILABLE` or `ERR_PROVIDER_NOT_FOUND` when it does not respond
   * @throws `TypeError`: when the context is not one of this ZITADEL, or an option is unknown or malformed
   */
  onBehalfOf(context: AuthorizationContext, options?: ExchangeOptions): Promise<string>
  /** Drops all tokens. Later calls fail. */
  close(): void
}

interface HeldToken {
  readonly token: string
  readonly usableUntilMs: number
}

/**
 * Creates what exchanges the token of a caller for one with which your API calls the next (RFC 8693). Makes no request
 * until a token is needed.
 *
 * **ZITADEL can only narrow a token.** The caller's token must already be for the project of the next API, by the scope
 * `urn:zitadel:iam:org:project:id:{id}:aud`, and for the application that exchanges. That is an OIDC application with a
 * client secret and the grant type Token Exchange; an API application cannot exchange tokens.
 *
 * @param options - the domain, and the credentials of the application that exchanges
 * @throws `TypeError`: when an option is unknown, missing or malformed
 * @see [RFC 8693](https://www.rfc-editor.org/rfc/rfc8693.html)
 *
 * @example
 * ```ts
 * import { createTokenExchange } from '@org/zitadel-auth/client'
 *
 * const clientSecret = await secrets.read('exchange')
 * const exchange = createTokenExchange({ domain: 'my-domain.zitadel.cloud', clientId: '312909075212468632', clientSecret })
 *
 * export async function callNextApi(header: string | undefined): Promise<Response> {
 *   const context = await auth.authenticate(header)
 *   const token = await exchange.onBehalfOf(context, { audience: ['223427827918176513'], scopes: ['openid'] })
 *   return fetch('https://orders.example.com/orders', { headers: { authorization: `Bearer ${token}` } })
 * }
 * ```
 */
export function createTokenExchange(options: TokenExchangeOptions): TokenExchange {
  requireKnown(options, { ...providerOptionNames, clientId: true, clientSecret: true, maxEntries: true }, 'option')
  const provider = connectTokenProvider(options)
  const { clock, issuers, logger, maxFlightMs } = provider
  const request = createExchangeRequest(provider, createBasicAuthenticator(options.clientId, options.clientSecret))
  const held = new BoundedMap<HeldToken>({
    maxEntries: readCount(options.maxEntries ?? 10_000, 'maxEntries'),
    isExpired: ({ usableUntilMs }) => clock.elapsed() >= usableUntilMs,
  })
  const flights = createSingleFlight<string>({ clock, maxFlightMs })
  const log = createProblemLog({ logger, clock })
  const breaker = createCircuitBreaker({
    clock,
    maxProbeMs: maxFlightMs,
    isFailure: ({ status }) => status === 503,
    toAskedMs: toThrottledMs,
    onChange: () => {},
  })
  let isClosed = false

  async function ask(key: string, context: AuthorizationContext, purpose: ExchangePurpose): Promise<string> {
    const askedAtMs = clock.elapsed()
    try {
      const issued = await breaker(key, () => request(context, purpose))
      if (!isClosed) held.set(key, hold(issued, context, askedAtMs))
      return issued.token
    } catch (error) {
      if (isAuthorizationError(error)) log(error)
      throw error
    }
  }

  function hold({ token, lifetimeSeconds }: IssuedToken, { expiresAt }: AuthorizationContext, askedAtMs: number) {
    const callerMs = expiresAt === undefined ? Number.POSITIVE_INFINITY : expiresAt.getTime() - clock.now()
    return { token, usableUntilMs: askedAtMs + Math.min(toUsableMs(lifetimeSeconds), callerMs) }
  }

  return {
    async onBehalfOf(context, given = {}) {
      requireContext(context, issuers)
      const purpose = readPurpose(given)
      if (isClosed) throw new AuthorizationError('ERR_PROVIDER_UNAVAILABLE', 'this exchange of tokens is closed')
      const key = toTokenDigest(JSON.stringify([context.token, purpose]))
      const known = held.get(key)
      if (known !== undefined && clock.elapsed() < known.usableUntilMs) return known.token
      return flights.run(key, () => ask(key, context, purpose))
    },
    close() {
      isClosed = true
      held.deleteWhere(() => true)
    },
  }
}

/** The token of a caller goes to the ZITADEL that has made it, and to no other. */
function requireContext(context: unknown, issuers: readonly string[]): void {
  if (!isAuthorizationContext(context)) throw new TypeError('onBehalfOf takes the context of a request')
  if (issuers.includes(context.issuer)) return
  throw new TypeError('onBehalfOf takes a context of the ZITADEL that exchanges, and this one is of another')
}

function readPurpose(given: ExchangeOptions): ExchangePurpose {
  requireKnown(given, { audience: true, scopes: true, tokenType: true }, 'option')
  // An audience that got lost would be a token for everything that the caller's is for.
  requireNoneUnset(given, ['audience', 'scopes', 'tokenType'])
  const { audience = [], scopes = [], tokenType = 'opaque' } = given
  if (tokenType !== 'opaque' && tokenType !== 'jwt') throw new TypeError("tokenType is 'opaque' or 'jwt'")
  for (const name of ['audience', 'scopes'] as const) {
    // Nothing is not the same as everything.
    if (name in given && given[name]?.length === 0) throw new TypeError(`${name} is a list that is not empty`)
  }
  return { audience: readNames(audience, 'audience'), scopes: readNames(scopes, 'scopes'), tokenType }
}
