import type { UserGroup } from '../authorization/groups.js'
import type { RoleGrants } from '../authorization/role-grants.js'
import type { JsonObject } from '../internal/json.js'
import type { Priority } from '../provider/request-queue.js'
import type { BearerToken } from '../request/bearer-token.js'

/**
 * Finds out whether ZITADEL stands behind a token, and what it says of it. Every way of verifying has this type, so
 * that a cache is a wrapper around any of them.
 */
export type TokenVerifier = (token: BearerToken, asking: Asking) => Promise<VerifiedClaims>

/** One question to ZITADEL about a token: how urgent it is, and what becomes of it. */
export interface Asking {
  /** The digest of the token. */
  readonly key: string
  readonly priority: Priority
  /** Whether ZITADEL has said before, in this process, that the token is good. */
  readonly wasGood: boolean
  /** Whether it is on its way, as opposed to waiting for its turn. */
  isSent: boolean
  /** Looks whether another process has asked, where its answer will do. */
  findShared?: () => Promise<VerifiedClaims | undefined>
  /** When that one asked, by the clock of this process, whose answer it got. */
  sharedAtMs?: number
  /** For how long an answer may be used again, where that is not the time of the cache. */
  reuseSeconds?: number
}

/** Who actually makes a request, if one user acts on behalf of another. */
export interface Actor {
  /** The id of the acting user; undefined if ZITADEL does not say. */
  readonly userId: string | undefined
  /** The issuer that vouches for the acting user. */
  readonly issuer: string | undefined
  /** Who acts on behalf of the actor, in a chain. */
  readonly actor: Actor | undefined
}

/** What ZITADEL says of a token, read once into types. Frozen all the way down: one instance may serve many requests. */
export interface VerifiedClaims {
  /** Who vouches for the claims: ZITADEL's answer to this API's question, or its signature. */
  readonly verifiedBy: 'introspection' | 'jwt'
  readonly userId: string
  readonly tokenId: string | undefined
  readonly clientId: string | undefined
  readonly issuer: string | undefined
  readonly audience: readonly string[]
  readonly scopes: readonly string[]
  readonly expiresAtSeconds: number | undefined
  readonly notBeforeSeconds: number | undefined
  readonly issuedAtSeconds: number | undefined
  readonly actor: Actor | undefined
  readonly organizationId: string | undefined
  readonly username: string | undefined
  readonly email: string | undefined
  readonly metadata: Readonly<Record<string, string>>
  readonly groups: readonly UserGroup[]
  /** The roles in the API's own project. */
  readonly roles: RoleGrants
  /** The roles in every project that the claims name, by project id. */
  readonly rolesByProject: Readonly<Record<string, RoleGrants>>
  /** Everything ZITADEL says, under the names of the wire. */
  readonly claims: JsonObject
  /** For how long they may be used again, where that is not the time of the cache. */
  readonly reuseSeconds?: number
  /** Tells whether the key that signed them is still published, where it is a signature that vouches for them. */
  readonly isStillVouchedFor?: (() => boolean) | undefined
}
