import type { JsonObject } from '../internal/json.js'

/**
 * Tells which other kind of token of ZITADEL claims are those of: ID tokens have neither `jti` nor `nbf`, and logout tokens
 * neither `nbf` nor `client_id`. Whatever else is there an Action may have written.
 *
 * @param claims - of a JWT of ZITADEL
 * @returns undefined for an access token, or what is none of ZITADEL's
 */
export function findOtherKind(claims: JsonObject): 'an ID token' | 'a logout token' | undefined {
  const lacks = (name: string): boolean => (claims[name] ?? undefined) === undefined
  if (!lacks('nbf')) return undefined
  if (lacks('jti')) return 'an ID token'
  return lacks('client_id') ? 'a logout token' : undefined
}
