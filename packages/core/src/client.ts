/**
 * Tokens for outgoing calls: of a service account, and in the name of a caller.
 *
 * @packageDocumentation
 */

export type { AuthorizedFetch } from './client/authorized-fetch.js'
export type { TokenProviderOptions } from './client/provider-options.js'
export type { ServiceAccountCredentials } from './client/read-grant.js'
export type { ServiceAccountKeyJson } from './client/service-account-key.js'
export {
  createTokenExchange,
  type ExchangeOptions,
  type TokenExchange,
  type TokenExchangeOptions,
} from './client/token-exchange.js'
export {
  createTokenSource,
  type PersonalAccessToken,
  type TokenPurpose,
  type TokenSource,
  type TokenSourceOptions,
} from './client/token-source.js'
