import { type Answer, json } from '../http/answer.js'
import type { Instance } from '../instance/instance.js'
import type { AccessTokenRecord, User } from '../instance/model.js'
import { type AccessTokenType, writeAccessToken } from '../tokens/access-tokens.js'
import { createIdToken } from '../tokens/id-token.js'
import { createSessionToken, DEFAULT_LIFETIME_SECONDS, type SessionOptions } from '../tokens/sessions.js'

/** What a grant gives. */
export interface IssueOptions extends SessionOptions, Pick<AccessTokenRecord, 'reason'> {
  readonly scopes: readonly string[]
  readonly type: AccessTokenType
}

/** What only an answer to a token exchange says. */
export interface ExchangeMembers {
  readonly issued_token_type: string
  readonly scope: string
}

/**
 * Issues an access token, and an ID token where the scopes ask for one, and answers with them.
 *
 * @see [RFC 6749, section 5.1](https://www.rfc-editor.org/rfc/rfc6749.html#section-5.1)
 */
export function answerToken(
  instance: Instance,
  user: User,
  { type, ...session }: IssueOptions,
  exchange?: ExchangeMembers,
): Answer {
  const accessToken = writeAccessToken(instance, createSessionToken(instance, user, session), type)
  return json({
    access_token: accessToken,
    issued_token_type: exchange?.issued_token_type,
    token_type: 'Bearer',
    // ZITADEL counts from the moment it answers, a little after it issued the token.
    expires_in: DEFAULT_LIFETIME_SECONDS - 1,
    scope: exchange?.scope,
    id_token: session.scopes.includes('openid')
      ? createIdToken(instance, user, { ...session, accessToken })
      : undefined,
  })
}
