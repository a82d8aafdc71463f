import { isAuthorizationError } from '../../errors/authorization-error.js'
import { readVerifiedClaims } from '../../verification/read-claims.js'
import type { VerifiedClaims } from '../../verification/verifier.js'
import type { ReadToken } from './read-token.js'

/** What a token claims, and whether anybody vouches for it. */
export interface KnownClaims {
  readonly claims: VerifiedClaims
  readonly isVerified: boolean
  /** Whether it has a signature that is not ZITADEL's. */
  readonly isUnsigned: boolean
}

/** Chooses the claims to go by: ZITADEL's answer, else what it has signed, else what the token says of itself. */
export function chooseClaims({
  token,
  signed,
  introspected,
  isUnsigned,
}: {
  readonly token: ReadToken
  readonly signed: VerifiedClaims | undefined
  readonly introspected: VerifiedClaims | undefined
  readonly isUnsigned: boolean
}): KnownClaims | undefined {
  const verified = introspected ?? signed
  if (verified !== undefined) return { claims: verified, isVerified: true, isUnsigned }
  const claims = token.form === 'jwt' ? readUnverified(token) : undefined
  return claims && { claims, isVerified: false, isUnsigned }
}

function readUnverified({
  unverifiedPayload,
}: Extract<ReadToken, { readonly form: 'jwt' }>): VerifiedClaims | undefined {
  try {
    return readVerifiedClaims(unverifiedPayload, { verifiedBy: 'jwt', projectId: '' })
  } catch (error) {
    if (!isAuthorizationError(error)) throw error
    // Claims that do not read are none to look at.
    return undefined
  }
}
