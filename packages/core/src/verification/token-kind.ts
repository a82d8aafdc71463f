import type { JsonObject } from '../internal/json.js'

/**
 * Tells which other kind of token of ZITADEL claims are those of: ID tokens have neither `jti` nor `nbf`, and logout tokens
 * neither `nbf` nor `client_id`. Whatever else is there an Action may have written.
 *
 * @param claims - of a JWT of ZITADEL
 * @returns undefined for an access token, or what is none of ZITADEL's
 */
export function findOtherKind({ jti, nbf, client_id }: JsonObject): 'an ID token' | 'a logout token' | undefined {
  if (isThere(nbf)) return undefined
  if (!isThere(jti)) return 'an ID token'
  return isThere(client_id) ? undefined : 'a logout token'
}

function isThere(claim: unknown): boolean {
  return claim !== undefined && claim !== null
}
