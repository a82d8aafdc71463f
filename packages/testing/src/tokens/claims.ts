import type { Actor } from '../instance/model.js'

/** Claims on their way to JSON, where an `undefined` member disappears. */
export type Claims = Readonly<Record<string, unknown>>

/** Adds the claims of Actions, which never replace a claim ZITADEL has set itself. */
export function mergeClaims(ownClaims: Claims, customClaims: Claims): Claims {
  const present = Object.entries(ownClaims).filter(([, value]) => value !== undefined)
  return { ...customClaims, ...Object.fromEntries(present) }
}

/**
 * Lets only those custom claims through that Actions could have added.
 *
 * @throws `TypeError`: when a claim has a name ZITADEL keeps for itself.
 */
export function requireCustomClaims(claims: Claims): Claims {
  for (const name of Object.keys(claims)) {
    if (name.startsWith('urn:zitadel:iam') && !name.startsWith('urn:zitadel:iam:action:'))
      throw new TypeError(`ZITADEL lets nobody add the claim "${name}": "urn:zitadel:iam" is reserved`)
  }
  return { ...claims }
}

/** The `act` claim: who acts in the user's name. */
export function toActClaim(actor: Actor | undefined, issuer: string): Claims | undefined {
  return actor && { iss: issuer, sub: actor.id, act: toActClaim(actor.actor, issuer) }
}
