import { createJwtVerifier } from '../../verification/jwt/jwt-verifier.js'
import type { VerifiedClaims } from '../../verification/verifier.js'
import { type Finding, failedBy, passed, skipped } from '../step.js'
import type { ReadToken } from './read-token.js'
import type { KnownContext } from './token-context.js'

const name = 'token signature'

/** Verifies a JWT by ZITADEL's keys, as the modes `jwt` and `auto` do. */
export async function checkSignature(
  { token, jwt }: Extract<ReadToken, { readonly form: 'jwt' }>,
  { keys, projectId = '', clock }: Pick<KnownContext, 'keys' | 'projectId' | 'clock'>,
): Promise<Finding<VerifiedClaims>> {
  if (keys === undefined) return skipped(name, 'no keys to verify it by')
  try {
    const claims = await createJwtVerifier({ keys, projectId, clock })(token, jwt)
    return passed(name, 'verified by a key of ZITADEL', claims)
  } catch (error) {
    return failedBy(name, error)
  }
}
