import { AuthorizationError } from '../errors/authorization-error.js'
import type { JsonObject } from '../internal/json.js'
import type { BearerToken } from '../request/bearer-token.js'
import { readVerifiedClaims } from './read-claims.js'
import type { Asking, TokenVerifier } from './verifier.js'

/** What {@link createIntrospectionVerifier} takes. */
export interface IntrospectionVerifierOptions {
  /** The API's project, when it is known. */
  readonly projectId?: string | undefined
  /** Refuses to believe that a token is inactive where ZITADEL looks as if it could not know. */
  readonly requireBelievable: (isActive: boolean, wasGood: boolean) => Promise<void>
  /** Says why a token may be inactive, as far as the token shows it. */
  readonly explain?: (token: BearerToken) => string | undefined
}

/**
 * Verifies tokens of any kind by asking ZITADEL, or another process that has, where that will do.
 *
 * @param introspect - asks ZITADEL
 * @returns a verifier that throws `ERR_TOKEN_INVALID` unless the answer says `"active": true`, and what `introspect` throws
 * @see [RFC 7662](https://www.rfc-editor.org/rfc/rfc7662.html)
 */
export function createIntrospectionVerifier(
  introspect: (token: BearerToken, asking: Asking) => Promise<JsonObject>,
  { projectId, requireBelievable, explain = () => undefined }: IntrospectionVerifierOptions,
): TokenVerifier {
  const ask: TokenVerifier = async (token, asking) => {
    const answer = await introspect(token, asking)
    const isActive = answer['active'] === true
    await requireBelievable(isActive, asking.wasGood)
    if (!isActive) {
      const reason = explain(token) ?? unexplained
      throw new AuthorizationError('ERR_TOKEN_INVALID', `ZITADEL says that the token is not active: ${reason}`)
    }
    return readVerifiedClaims(answer, { verifiedBy: 'introspection', projectId })
  }
  return async (token, asking) => (await asking.findShared?.()) ?? ask(token, asking)
}

/** Why a token may be inactive that shows nothing. */
export const unexplained =
  "it is expired, revoked or unknown, or was requested without the scope urn:zitadel:iam:org:project:id:{id of this API's project}:aud"
