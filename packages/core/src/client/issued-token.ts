import { AuthorizationError } from '../errors/authorization-error.js'
import { isJsonObject, type JsonObject } from '../internal/json.js'
import type { JsonAnswer } from '../provider/fetch-json.js'
import { isBareToken } from '../request/bearer-token.js'

/** A token that ZITADEL has given. */
export interface IssuedToken {
  readonly token: string
  /** For how long it is good, from the moment of the answer. */
  readonly lifetimeSeconds: number
}

/** Longer than any token lives, a year included; JSON reads `1e400` as Infinity. */
const longestSeconds = 10 * 365 * 86_400

/**
 * Reads the answer of the token endpoint.
 *
 * @returns undefined when it is a refusal
 * @throws `AuthorizationError`: `ERR_PROVIDER_UNAVAILABLE` when it says 200 and gives no token
 * @see [RFC 6749 section 5.1](https://www.rfc-editor.org/rfc/rfc6749.html#section-5.1)
 */
export function readIssuedToken({ status, body }: JsonAnswer): IssuedToken | undefined {
  if (status !== 200) return undefined
  const { access_token: token, token_type: type, expires_in: lifetimeSeconds } = toMembers(body)
  const isToken = typeof token === 'string' && isBareToken(token)
  const isBearer = typeof type === 'string' && type.toLowerCase() === 'bearer'
  const isLifetime = typeof lifetimeSeconds === 'number' && lifetimeSeconds > 0 && lifetimeSeconds <= longestSeconds
  if (isToken && isBearer && isLifetime) return { token, lifetimeSeconds }
  throw new AuthorizationError(
    'ERR_PROVIDER_UNAVAILABLE',
    'ZITADEL answered with something that is no bearer token with a lifetime',
  )
}

/** Only these are repeated: the rest of the answer is somebody else's text. */
const errorCodes: readonly unknown[] = [
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
  'invalid_target',
]

/**
 * Reads why the token endpoint refuses.
 *
 * @returns the error code, or undefined when it is none of OAuth
 * @see [RFC 6749 section 5.2](https://www.rfc-editor.org/rfc/rfc6749.html#section-5.2),
 * [RFC 8693 section 2.2.2](https://www.rfc-editor.org/rfc/rfc8693.html#section-2.2.2)
 */
export function readErrorCode({ body }: JsonAnswer): string | undefined {
  const { error } = toMembers(body)
  return errorCodes.includes(error) ? (error as string) : undefined
}

function toMembers(body: unknown): JsonObject {
  return isJsonObject(body) ? body : {}
}
