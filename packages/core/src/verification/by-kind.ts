import { toFrozenRecord } from '../internal/json.js'
import { readUnverifiedJwt } from './jwt/compact-jwt.js'
import type { JwtVerifier } from './jwt/jwt-verifier.js'
import type { TokenVerifier, VerifiedClaims } from './verifier.js'

/** The two ways to verify a token of any kind. */
export interface VerifierByKind {
  /** By ZITADEL's published keys where the token is a JWT, and otherwise by asking ZITADEL. */
  readonly verify: TokenVerifier
  /** By asking ZITADEL in any case. */
  readonly ask: TokenVerifier
}

/**
 * Verifies tokens of every kind: JWTs by ZITADEL's published keys, all others by asking ZITADEL.
 *
 * @param verifyJwt - verifies a JWT
 * @param introspect - asks ZITADEL
 * @param options - `projectId`: the API's project; `revocationCheckSeconds`: asks about a good JWT too, and again after
 * so many seconds. A forged one still costs ZITADEL nothing
 */
export function createVerifierByKind(
  verifyJwt: JwtVerifier,
  introspect: TokenVerifier,
  options: { readonly projectId: string | undefined; readonly revocationCheckSeconds: number | undefined },
): VerifierByKind {
  const { projectId, revocationCheckSeconds } = options

  async function ask(token: Parameters<TokenVerifier>[0]): Promise<VerifiedClaims> {
    const jwt = readUnverifiedJwt(token)
    if (jwt === undefined) return introspect(token)
    const signed = await verifyJwt(token, jwt)
    const current = await introspect(token)
    const reuse = revocationCheckSeconds === undefined ? {} : { reuseSeconds: revocationCheckSeconds }
    return Object.freeze({ ...current, ...reuse, rolesByProject: mergeRoles(signed, current, projectId) })
  }

  return {
    ask,
    async verify(token) {
      if (revocationCheckSeconds !== undefined) return ask(token)
      const jwt = readUnverifiedJwt(token)
      return jwt === undefined ? introspect(token) : verifyJwt(token, jwt)
    },
  }
}

/** ZITADEL answers with the roles in the API's own project alone: only the JWT tells those in other projects. */
function mergeRoles(
  signed: VerifiedClaims,
  current: VerifiedClaims,
  projectId: string | undefined,
): VerifiedClaims['rolesByProject'] {
  const elsewhere = Object.entries(signed.rolesByProject).filter(([id]) => id !== projectId)
  return toFrozenRecord([...elsewhere, ...Object.entries(current.rolesByProject)])
}
