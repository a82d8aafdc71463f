import { AuthorizationError } from '../errors/authorization-error.js'
import type { IntrospectionRequest } from '../provider/introspection-request.js'
import { readVerifiedClaims } from './read-claims.js'
import type { TokenVerifier } from './verifier.js'

/**
 * Verifies tokens of any kind by asking ZITADEL.
 *
 * @param introspect - asks ZITADEL
 * @param options - `projectId`: the API's project, when it is known
 * @returns a verifier that throws `ERR_TOKEN_INVALID` unless the answer says `"active": true`, and what `introspect` throws
 * @see [RFC 7662](https://www.rfc-editor.org/rfc/rfc7662.html)
 */
export function createIntrospectionVerifier(
  introspect: IntrospectionRequest,
  options: { readonly projectId?: string | undefined },
): TokenVerifier {
  return async (token) => {
    const answer = await introspect(token)
    if (answer['active'] !== true) {
      throw new AuthorizationError(
        'ERR_TOKEN_INVALID',
        'ZITADEL says that the token is not active: it is expired, revoked or unknown, or was requested without' +
          " the scope urn:zitadel:iam:org:project:id:{id of this API's project}:aud",
      )
    }
    return readVerifiedClaims(answer, { verifiedBy: 'introspection', ...options })
  }
}
