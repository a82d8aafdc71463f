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

/** What {@link createTokenExchange} takes. */
export interface TokenExchangeOptions extends TokenProviderOptions {
  /** The client id of an OIDC application that has the grant type Token Exchange. */
  readonly clientId: string
  /** Its secret. */
  readonly clientSecret: string
  /** How many tokens are kept for the next call; one that was not used lately makes room. Default: 10,000. */
  readonly maxEntries?: number
}

/** For what a token is exchanged. */
export interface ExchangeOptions {
  /** The ids of the projects, or client ids, that the new token is for: of those that the caller's is for. Default: all of them. */
  readonly audience?: readonly string[]
  /** The scopes of the new token: of those that the caller's has. Default: all of them. */
  readonly scopes?: readonly string[]
  /** Whether the new token is opaque or a JWT. Default: `opaque`. */
  readonly tokenType?: 'opaque' | 'jwt'
}

/** Exchanges tokens of callers for tokens for the next API. */
export interface TokenExchange {
  /**
   * Gives a token in the name of the caller, which is for the next API and no more. It is remembered until it, or the caller's token,
   * expires.
   *
   * @param context - of the caller's request
   * @param options - for what it is
   * @throws {AuthorizationError} `ERR_PERMISSION_DENIED` when the caller's token is not for that audience, or lacks a scope: ZITADEL
   * can only narrow. `ERR_TOKEN_INVALID` when it is not good any more, or not for the exchanging application. `ERR_CONFIGURATION` when
   * ZITADEL refuses the application, `ERR_PROVIDER_UNAVAILABLE` or `ERR_PROVIDER_NOT_FOUND` when it does not answer
   * @throws {TypeError} when the context is none, or of another ZITADEL, or an option is unknown or malformed
   */
  onBehalfOf(context: AuthorizationContext, options?: ExchangeOptions): Promise<string>
  /** Lets go of all tokens: later calls fail. */
  close(): void
}

interface HeldToken {
  readonly token: string
  readonly usableUntilMs: number
}

/**
 * Makes what exchanges the token of a caller for one with which your API calls the next (RFC 8693).
 *
 * **ZITADEL can only narrow a token.** The caller's must have the audience of the next project already, by the scope
 * `urn:zitadel:iam:org:project:id:{id}:aud`, and that of the application that exchanges. That is an OIDC application with a client
 * secret and the grant type Token Exchange: an API application can't. Touches no network until a token is needed.
 *
 * @throws {TypeError} when an option is unknown, missing or malformed
 * @see [RFC 8693](https://www.rfc-editor.org/rfc/rfc8693.html)
 *
 * @example
 * ```ts
 * const exchange = createTokenExchange({ domain: 'my-domain.zitadel.cloud', clientId: '312909075212468632', clientSecret })
 *
 * const token = await exchange.onBehalfOf(context, { audience: ['223427827918176513'], scopes: ['openid'] })
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
