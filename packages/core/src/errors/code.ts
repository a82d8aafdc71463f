/**
 * Why a request was rejected, and the HTTP status of the response:
 *
 * - `ERR_TOKEN_MISSING`, 401: the request has no credentials.
 * - `ERR_SCHEME_UNSUPPORTED`, 401: the credentials have another scheme than Bearer.
 * - `ERR_REQUEST_MALFORMED`, 400: the credentials are malformed or repeated.
 * - `ERR_TOKEN_TOO_LONG`, 400: the credentials are longer than this API accepts, such as a JWT with roles in very many
 *   organizations.
 * - `ERR_TOKEN_INVALID`, 401: the token is not active, has expired, is meant for another API, or has malformed claims.
 * - `ERR_PERMISSION_DENIED`, 403: the token is valid, but does not meet the requirement.
 * - `ERR_AUTHENTICATION_INSUFFICIENT`, 401: the token is valid, but its user must log in again: the last login was too
 *   long ago, or was of another kind.
 * - `ERR_PROVIDER_UNAVAILABLE`, 503: ZITADEL did not respond in time, or responded that it cannot.
 * - `ERR_PROVIDER_NOT_FOUND`, 503: the host name of ZITADEL does not resolve.
 * - `ERR_CONFIGURATION`, 500: ZITADEL rejects the credentials of this API, or the configured domain is not that ZITADEL.
 * - `ERR_EVENT_INVALID`, 401: an event is not from ZITADEL: its signature is missing, wrong or old, or it is malformed.
 */
export type AuthorizationErrorCode =
  | 'ERR_TOKEN_MISSING'
  | 'ERR_SCHEME_UNSUPPORTED'
  | 'ERR_REQUEST_MALFORMED'
  | 'ERR_TOKEN_TOO_LONG'
  | 'ERR_TOKEN_INVALID'
  | 'ERR_PERMISSION_DENIED'
  | 'ERR_AUTHENTICATION_INSUFFICIENT'
  | 'ERR_PROVIDER_UNAVAILABLE'
  | 'ERR_PROVIDER_NOT_FOUND'
  | 'ERR_CONFIGURATION'
  | 'ERR_EVENT_INVALID'
