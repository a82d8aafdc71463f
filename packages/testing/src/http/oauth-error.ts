import { type Answer, json } from './answer.js'

export type OAuthErrorCode =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_grant'
  | 'unauthorized_client'
  | 'unsupported_grant_type'

/** A refusal in the words of OAuth. */
export class OAuthError extends Error {
  readonly code: OAuthErrorCode
  readonly description: string | undefined

  constructor(code: OAuthErrorCode, description?: string) {
    super(description ?? code)
    this.code = code
    this.description = description
  }
}

/** Every refusal is a 400. RFC 6749 would have 401 for `invalid_client`; ZITADEL does not. */
export function toErrorAnswer({ code, description }: OAuthError): Answer {
  return json({ error: code, error_description: description }, {}, 400)
}
