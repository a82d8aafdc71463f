/** Why a request was refused. The table `meanings` gives each code its meaning in HTTP, and the compiler keeps the two in step. */
export type AuthorizationErrorCode =
  /** The request has no credentials. */
  | 'ERR_TOKEN_MISSING'
  /** The credentials are of another scheme than Bearer. */
  | 'ERR_SCHEME_UNSUPPORTED'
  /** The credentials are malformed or repeated. */
  | 'ERR_REQUEST_MALFORMED'
  /** The credentials are longer than this API takes: a JWT with roles in very many organizations is. */
  | 'ERR_TOKEN_TOO_LONG'
  /** The token is not active, has expired, is meant for another API, or its claims do not read. */
  | 'ERR_TOKEN_INVALID'
  /** The token is good, but does not meet the requirement. */
  | 'ERR_PERMISSION_DENIED'
  /** The token is good, but its user must authenticate again: the last time was too long ago, or was done in another way. */
  | 'ERR_AUTHENTICATION_INSUFFICIENT'
  /** ZITADEL did not answer in time, or answered that it can't. */
  | 'ERR_PROVIDER_UNAVAILABLE'
  /** The name of ZITADEL's host does not resolve. */
  | 'ERR_PROVIDER_NOT_FOUND'
  /** ZITADEL refuses this API's own credentials, or the configured domain is not that ZITADEL. */
  | 'ERR_CONFIGURATION'
  /** An event that says it is ZITADEL's is not: its signature is missing, wrong or old, or it does not read. */
  | 'ERR_EVENT_INVALID'
