import { AuthorizationError } from '../errors/authorization-error.js'
import { silent } from '../internal/diagnostics.js'
import { readText, requireKnown } from '../internal/read-option.js'
import {
  type Connection,
  type ConnectionOptions,
  connectionOptionNames,
  readConnection,
} from '../provider/connection.js'
import { createDiscovery } from '../provider/discovery.js'
import { createFetchJson } from '../provider/fetch-json.js'
import { toInternalHeaders } from '../provider/internal-address.js'
import { createKeySet, type KeySet } from '../provider/key-set.js'
import type { BearerToken } from '../request/bearer-token.js'
import { readUnverifiedJwt } from '../verification/jwt/compact-jwt.js'
import { readSignedJwt } from '../verification/jwt/signed-jwt.js'
import { type LogoutToken, readLogoutClaims } from './logout-token.js'

/** The options of {@link createLogoutTokenReader}. */
export interface LogoutTokenOptions extends ConnectionOptions {
  /** The client id of the OIDC application whose back-channel logout URI is this API, or a list of such ids. */
  readonly clientId: string | readonly string[]
}

/**
 * Reads a logout token, and verifies that it is from ZITADEL.
 *
 * @param logoutToken - the parameter `logout_token` of the request
 * @throws `AuthorizationError`: `ERR_TOKEN_INVALID` when the token is malformed, encrypted, unsigned, expired, of
 * another issuer, for another application, or not a logout token, `ERR_PROVIDER_UNAVAILABLE`, `ERR_PROVIDER_NOT_FOUND`
 * or `ERR_CONFIGURATION` when ZITADEL's keys cannot be fetched
 */
export type LogoutTokenReader = (logoutToken: string) => Promise<LogoutToken>

/** `logout+jwt` is what the specification recommends, and JWT what ZITADEL writes. */
const types: readonly string[] = ['jwt', 'logout+jwt', 'application/logout+jwt']

/**
 * Creates the function that reads logout tokens, which ZITADEL posts to an OIDC application when a user has logged out
 * (back-channel logout). It verifies them with ZITADEL's public keys, which are fetched when they are first needed, and
 * cached.
 *
 * ZITADEL may send a token up to three times. It is accepted each time: a second logout changes nothing.
 *
 * @param options - the domain, and the client id of the application
 * @returns a function that rejects invalid tokens with an `AuthorizationError`, as {@link LogoutTokenReader} says
 * @throws `TypeError`: when an option is unknown, missing or malformed
 * @see
 * [OpenID Connect Back-Channel Logout 1.0 section 2.6](https://openid.net/specs/openid-connect-backchannel-1_0.html#Validation)
 *
 * @example
 * ```ts
 * import { createLogoutTokenReader } from '@org/zitadel-auth/events'
 * import { revocationEndpoint } from '@org/zitadel-auth-express'
 *
 * const readLogoutToken = createLogoutTokenReader({ domain: 'my-domain.zitadel.cloud', clientId: '312909075212468632' })
 *
 * app.post('/zitadel/logout', revocationEndpoint(auth, { readLogoutToken }))
 * ```
 */
export function createLogoutTokenReader(options: LogoutTokenOptions): LogoutTokenReader {
  requireKnown(options, { ...connectionOptionNames, clientId: true }, 'option')
  const connection = readConnection(options)
  const { issuers, clock } = connection
  const clientIds = [options.clientId].flat().map((id) => readText(id, 'clientId'))
  if (clientIds.length === 0) readText(undefined, 'clientId')
  const keys = connectKeys(connection)
  return async (logoutToken) => {
    const token = logoutToken as BearerToken
    const jwt = typeof token === 'string' ? readUnverifiedJwt(token) : undefined
    if (jwt === undefined) refuse('the logout token is no signed JWT')
    const { claims } = await readSignedJwt(token, jwt, { keys, types })
    return readLogoutClaims(claims, { issuers, clientIds, nowSeconds: clock.now() / 1_000 }, refuse)
  }
}

function connectKeys(connection: Connection): KeySet {
  const { address, maxFlightMs, clock } = connection
  const fetchJson = createFetchJson(connection)
  const discover = createDiscovery(address, { endpoints: ['jwksUri'], fetchJson, clock, maxFlightMs })
  const headers = toInternalHeaders(address)
  return createKeySet({ discover, fetchJson, headers, clock, publish: silent, maxFlightMs, initial: undefined })
}

function refuse(reason: string): never {
  throw new AuthorizationError('ERR_TOKEN_INVALID', reason)
}
