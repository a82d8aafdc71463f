import type { AuthorizationErrorCode } from './code.js'

/** What one error code means in HTTP, and the words that a client may read. */
export interface Meaning {
  readonly status: 400 | 401 | 403 | 500 | 503
  /** The first words of the answer. */
  readonly summary: string
  /** What the client reads after them; `requirement` is the one that was not met, in the API's own words. */
  readonly detail: string | 'requirement' | undefined
  /** The `error` of the Bearer challenge; `none` for a challenge without one, undefined where no challenge helps. */
  readonly challenge?:
    | 'none'
    | 'invalid_request'
    | 'invalid_token'
    | 'insufficient_scope'
    | 'insufficient_user_authentication'
}

const unavailable: Meaning = {
  status: 503,
  summary: 'service unavailable',
  detail: 'the token cannot be verified right now',
}

/**
 * The one table from outcome to HTTP.
 *
 * @see [RFC 6750 section 3.1](https://www.rfc-editor.org/rfc/rfc6750.html#section-3.1): the codes of a challenge, and
 * that a request without credentials gets none; [RFC 9470 section 3](https://www.rfc-editor.org/rfc/rfc9470.html#section-3)
 */
export const meanings: Readonly<Record<AuthorizationErrorCode, Meaning>> = {
  ERR_TOKEN_MISSING: {
    status: 401,
    summary: 'unauthorized',
    detail: 'authorization header is empty',
    challenge: 'none',
  },
  ERR_SCHEME_UNSUPPORTED: {
    status: 401,
    summary: 'unauthorized',
    detail: 'authorization scheme is not Bearer',
    challenge: 'none',
  },
  ERR_REQUEST_MALFORMED: {
    status: 400,
    summary: 'bad request',
    detail: 'authorization header is malformed',
    challenge: 'invalid_request',
  },
  ERR_TOKEN_TOO_LONG: {
    status: 400,
    summary: 'bad request',
    detail: 'authorization header is too long',
    challenge: 'invalid_request',
  },
  ERR_TOKEN_INVALID: {
    status: 401,
    summary: 'unauthorized',
    detail: 'token is invalid or has expired',
    challenge: 'invalid_token',
  },
  ERR_PERMISSION_DENIED: {
    status: 403,
    summary: 'permission denied',
    detail: 'requirement',
    challenge: 'insufficient_scope',
  },
  ERR_AUTHENTICATION_INSUFFICIENT: {
    status: 401,
    summary: 'unauthorized',
    detail: 'requirement',
    challenge: 'insufficient_user_authentication',
  },
  ERR_PROVIDER_UNAVAILABLE: unavailable,
  ERR_PROVIDER_NOT_FOUND: unavailable,
  ERR_EVENT_INVALID: { status: 401, summary: 'unauthorized', detail: undefined },
  ERR_CONFIGURATION: { status: 500, summary: 'internal server error', detail: undefined },
}

/** Gives the meaning of a code. Another copy of this package, of a later version, may know codes that this one does not. */
export function toMeaning(code: AuthorizationErrorCode): Meaning {
  return meanings[code] ?? meanings.ERR_CONFIGURATION
}

/** What a client may read of a refusal: fixed words, or the requirement that was not met. Never a token or a claim. */
export interface ClientText {
  /** One line for everything. */
  readonly text: string
  /** The part after the summary, where there is one. */
  readonly detail: string | undefined
}

/**
 * Gives the words for a client.
 *
 * @param meaning - what the error means
 * @param unmetRequirement - the requirement that was not met, where the refusal is about one
 */
export function toClientText({ summary, detail }: Meaning, unmetRequirement: string | undefined): ClientText {
  const words = detail === 'requirement' ? toLine(unmetRequirement) : detail
  return { text: words === undefined ? summary : `${summary}: ${words}`, detail: words }
}

/** A role may be any string, and the answer is one line. */
function toLine(text: string | undefined): string | undefined {
  return text?.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ')
}
