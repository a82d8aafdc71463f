import { AuthorizationError } from '../errors/authorization-error.js'

declare const brand: unique symbol

/** A string that has the form of a bearer token. Only {@link readBearerToken} makes one, so a raw header can't be taken for it. */
export type BearerToken = string & { readonly [brand]: 'BearerToken' }

/** An `Authorization` header as servers provide it: one value, a list of values, or none. */
export type AuthorizationHeader = string | readonly string[] | null | undefined

/** As much as Node.js takes for all headers together, unless it is told otherwise. */
const defaultMaxBytes = 16 * 1024

/** What nearly all requests have; whatever does not match it is looked at more closely, for the reason. */
const bearerCredentials = /^[Bb][Ee][Aa][Rr][Ee][Rr] +([A-Za-z0-9._~+/-]+=*)$/

const bareToken = /^[A-Za-z0-9._~+/-]+=*$/

/** Tells whether a text has the form of a bearer token: what has not would end up in a header. */
export function isBareToken(text: string): boolean {
  return bareToken.test(text)
}

const credentials = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)(?: .*)?$/

/**
 * Reads the token from an `Authorization` header.
 *
 * @param header - the value; a list where the request repeats the header; undefined or null where it has none
 * @param maxBytes - how long the header may be
 * @throws `AuthorizationError`: `ERR_TOKEN_MISSING` without a value, and what {@link readOptionalBearerToken} throws
 * @see [RFC 6750 section 2.1](https://www.rfc-editor.org/rfc/rfc6750.html#section-2.1): the grammar of a token
 */
export function readBearerToken(header: AuthorizationHeader, maxBytes = defaultMaxBytes): BearerToken {
  const token = readOptionalBearerToken(header, maxBytes)
  if (token === undefined) throw new AuthorizationError('ERR_TOKEN_MISSING', 'the request has no Authorization header')
  return token
}

/**
 * Reads the token, or gives undefined for a request without credentials.
 *
 * @throws `AuthorizationError`: `ERR_SCHEME_UNSUPPORTED` for another scheme than Bearer, `ERR_REQUEST_MALFORMED` for a
 * repeated header, or a token outside its grammar, `ERR_TOKEN_TOO_LONG` for more than `maxBytes`
 * @throws `TypeError`: when the header is no text, no list of texts, and not absent
 * @see [RFC 9110 section 11.1](https://www.rfc-editor.org/rfc/rfc9110.html#section-11.1): the scheme in any case, then spaces
 */
export function readOptionalBearerToken(
  header: AuthorizationHeader,
  maxBytes = defaultMaxBytes,
): BearerToken | undefined {
  const value = readSingleValue(header)
  if (value === '') return undefined
  requireLength(value, maxBytes)
  const token = bearerCredentials.exec(value)?.[1]
  return token === undefined ? refuse(value) : (token as BearerToken)
}

const usualScheme = 'Bearer '

/**
 * Cuts the token out of a header as nearly all requests have it, without a look at its grammar: for those who look for it
 * among tokens that were read before.
 *
 * @param maxBytes - how long the header may be
 * @returns undefined where the header is written in another way
 */
export function cutToken(header: AuthorizationHeader, maxBytes: number): string | undefined {
  const isUsual = typeof header === 'string' && header.length <= maxBytes && header.startsWith(usualScheme)
  return isUsual ? header.slice(usualScheme.length) : undefined
}

/**
 * Reads a token that comes without a header: from a cookie, a parameter, or the first message of a socket.
 *
 * @param token - the bare token; undefined, null or empty where the request has none
 * @param maxBytes - how long it may be
 * @throws `AuthorizationError`: `ERR_TOKEN_MISSING` without one, `ERR_REQUEST_MALFORMED` when it is outside the grammar of
 * a token, `ERR_TOKEN_TOO_LONG` for more than `maxBytes`
 * @throws `TypeError`: when it is no text, and not absent
 */
export function readBareToken(token: string | null | undefined, maxBytes = defaultMaxBytes): BearerToken {
  const value: unknown = token ?? ''
  if (typeof value !== 'string') throw new TypeError('a token is a text, null or undefined')
  if (value === '') throw new AuthorizationError('ERR_TOKEN_MISSING', 'the request has no token')
  requireLength(value, maxBytes)
  if (!isBareToken(value))
    throw malformed('the token has characters that a token cannot have, such as a scheme before it')
  return value as BearerToken
}

function refuse(value: string): never {
  const scheme = credentials.exec(value)?.[1]
  if (scheme === undefined) throw malformed('the Authorization header does not start with a scheme')
  if (scheme.toLowerCase() !== 'bearer') {
    throw new AuthorizationError('ERR_SCHEME_UNSUPPORTED', 'the Authorization header has another scheme than Bearer')
  }
  throw malformed('the Authorization header has no token after Bearer, or one with characters a token cannot have')
}

/** Refused unread. Whatever has other characters than bytes is refused later on. */
function requireLength(value: string, maxBytes: number): void {
  if (value.length <= maxBytes) return
  const reason = `the credentials have ${value.length} bytes, and the option maxHeaderBytes allows ${maxBytes}`
  throw new AuthorizationError('ERR_TOKEN_TOO_LONG', reason)
}

function readSingleValue(header: AuthorizationHeader): string {
  const values: readonly unknown[] = Array.isArray(header) ? header : [header ?? '']
  if (values.length > 1) throw malformed('the request has more than one Authorization header')
  const [value = ''] = values
  if (typeof value !== 'string') throw new TypeError('an Authorization header is a text, a list of texts, or undefined')
  return value
}

function malformed(message: string): AuthorizationError {
  return new AuthorizationError('ERR_REQUEST_MALFORMED', message)
}
