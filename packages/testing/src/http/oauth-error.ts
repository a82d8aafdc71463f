import { type Answer, json, NO_STORE } from './answer.js'

export type OAuthErrorCode =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_grant'
  | 'access_denied'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  | 'invalid_scope'
  | 'invalid_target'

/** A refusal in the words of OAuth. */
export class OAuthError extends Error {
  readonly code: OAuthErrorCode
  readonly description: string | undefined
  readonly status: number

  /** Refusals are 400s, but for a few. RFC 6749 would have 401 for every `invalid_client`; ZITADEL does not. */
  constructor(code: OAuthErrorCode, description?: string, status = 400) {
    super(description ?? code)
    this.code = code
    this.description = description
    this.status = status
  }
}

export function toErrorAnswer({ code, description, status }: OAuthError): Answer {
  return json({ error: code, error_description: description }, NO_STORE, status)
}
