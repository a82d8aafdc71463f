/**
 * Access tokens for requests that your API makes itself: as a service account, or on behalf of a caller.
 *
 * @module @org/zitadel-auth/client
 */

// In the order of the reference: what one looks up first.

export { createTokenSource, type TokenSource, type TokenSourceOptions } from './client/token-source.js'

// On behalf of a caller.

export {
  createTokenExchange,
  type ExchangeOptions,
  type TokenExchange,
  type TokenExchangeOptions,
} from './client/token-exchange.js'

// The parts of the options.

export type { AuthorizedFetch } from './client/authorized-fetch.js'
export type { TokenProviderOptions } from './client/provider-options.js'
export type { ServiceAccountCredentials } from './client/read-grant.js'
export type { ServiceAccountKeyJson } from './client/service-account-key.js'
export type { PersonalAccessToken, TokenPurpose } from './client/token-source.js'
