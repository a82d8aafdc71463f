import { toFrozenRecord } from '../internal/json.js'
import { isKeyUnknown } from '../provider/key-set.js'
import type { BearerToken } from '../request/bearer-token.js'
import { readUnverifiedJwt, type UnverifiedJwt } from './jwt/compact-jwt.js'
import type { JwtVerifier } from './jwt/jwt-verifier.js'
import type { Asking, TokenVerifier, VerifiedClaims } from './verifier.js'

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

  /** Undefined where only ZITADEL knows whether it has the key that a JWT names, and must not be asked for it now. */
  async function verifySignature(token: BearerToken, jwt: UnverifiedJwt): Promise<VerifiedClaims | undefined> {
    try {
      return await verifyJwt(token, jwt)
    } catch (error) {
      if (isKeyUnknown(error)) return undefined
      throw error
    }
  }

  async function ask(token: BearerToken, asking: Asking): Promise<VerifiedClaims> {
    const jwt = readUnverifiedJwt(token)
    const signed = jwt === undefined ? undefined : await verifySignature(token, jwt)
    const reuse =
      signed === undefined || revocationCheckSeconds === undefined ? {} : { reuseSeconds: revocationCheckSeconds }
    const current = await introspect(token, Object.assign(asking, reuse))
    if (signed === undefined) return current
    return Object.freeze({ ...current, ...reuse, rolesByProject: mergeRoles(signed, current, projectId) })
  }

  return {
    ask,
    async verify(token, asking) {
      if (revocationCheckSeconds !== undefined) return ask(token, asking)
      const jwt = readUnverifiedJwt(token)
      const signed = jwt === undefined ? undefined : await verifySignature(token, jwt)
      return signed ?? introspect(token, asking)
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
