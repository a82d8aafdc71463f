import { Buffer } from 'node:buffer'
import { readGroups } from '../authorization/groups.js'
import { readOwnRoles, readRolesByProject } from '../authorization/role-grants.js'
import { AuthorizationError } from '../errors/authorization-error.js'
import { isJsonObject, type JsonObject, toFrozenJson, toFrozenRecord } from '../internal/json.js'
import type { Actor, VerifiedClaims } from './verifier.js'

/** Where claims come from, and whose roles count. */
export type ClaimsOrigin =
  | {
      readonly verifiedBy: 'introspection'
      readonly projectId?: string | undefined
      readonly isStillVouchedFor?: undefined
    }
  | { readonly verifiedBy: 'jwt'; readonly projectId: string; readonly isStillVouchedFor?: () => boolean }

/**
 * Reads what ZITADEL says of a token. The claims that decide something must have their type; the ones that merely
 * describe the user are left out when they don't, since a customer's Actions may have written them.
 *
 * A JWT of ZITADEL has no scope and no profile, so whatever stands there was written by an Action of the user's
 * organization: it is in `claims` for those who know it, and decides nothing.
 *
 * @param answer - the claims, as they came
 * @param origin - who vouches for them, and the API's project, when it is known
 * @throws `AuthorizationError`: `ERR_TOKEN_INVALID` when a claim that decides something does not read
 * @see [RFC 7662 section 2.2](https://www.rfc-editor.org/rfc/rfc7662.html#section-2.2),
 * [RFC 7519 section 4.1](https://www.rfc-editor.org/rfc/rfc7519.html#section-4.1)
 */
export function readVerifiedClaims(
  answer: JsonObject,
  { verifiedBy, projectId, isStillVouchedFor }: ClaimsOrigin = { verifiedBy: 'introspection' },
): VerifiedClaims {
  const claims = toFrozenClaims(answer)
  const rolesByProject = readRolesByProject(claims)
  const isIntrospected = verifiedBy === 'introspection'
  return Object.freeze({
    verifiedBy,
    userId: readText(claims, 'sub') ?? refuse('sub', 'is missing'),
    tokenId: readText(claims, 'jti'),
    clientId: readText(claims, 'client_id'),
    issuer: readText(claims, 'iss'),
    audience: readAudience(claims['aud']),
    scopes: isIntrospected ? readScopes(claims) : none,
    expiresAtSeconds: readSeconds(claims, 'exp'),
    notBeforeSeconds: readSeconds(claims, 'nbf'),
    issuedAtSeconds: typeof claims['iat'] === 'number' ? claims['iat'] : undefined,
    actor: claims['act'] === undefined ? undefined : readActor(claims['act']),
    organizationId: toText(claims['urn:zitadel:iam:user:resourceowner:id']),
    username: isIntrospected ? (toText(claims['username']) ?? toText(claims['preferred_username'])) : undefined,
    email: isIntrospected ? toText(claims['email']) : undefined,
    metadata: readMetadata(claims['urn:zitadel:iam:user:metadata']),
    groups: readGroups(claims),
    roles: readOwnRoles(claims, rolesByProject, projectId),
    rolesByProject,
    claims,
    isStillVouchedFor,
  })
}

const none: readonly string[] = Object.freeze([])

function readScopes(claims: JsonObject): readonly string[] {
  return Object.freeze((readText(claims, 'scope') ?? '').split(' ').filter((scope) => scope !== ''))
}

function toFrozenClaims(answer: JsonObject): JsonObject {
  try {
    return toFrozenJson(answer) as JsonObject
  } catch (cause) {
    throw new AuthorizationError('ERR_TOKEN_INVALID', 'the claims of the token are nested too deep', { cause })
  }
}

function readText(claims: JsonObject, name: string): string | undefined {
  const value = claims[name]
  if (value !== undefined && (typeof value !== 'string' || value === '')) refuse(name, 'is not a text')
  return value as string | undefined
}

/** The last second that a Date can hold. */
const lastSecond = 8_640_000_000_000

/** JSON reads `1e400` as Infinity, which would be a token that never expires. */
function readSeconds(claims: JsonObject, name: string): number | undefined {
  const value = claims[name]
  if (value !== undefined && (typeof value !== 'number' || !(Math.abs(value) <= lastSecond))) {
    return refuse(name, 'is not a number of seconds')
  }
  return value
}

function readAudience(value: unknown): readonly string[] {
  if (value === undefined) refuse('aud', 'is missing')
  const audience: readonly unknown[] = Array.isArray(value) ? value : [value]
  if (audience.length === 0 || !audience.every((member) => typeof member === 'string')) {
    refuse('aud', 'is not a text or a list of texts')
  }
  return Object.freeze([...audience]) as readonly string[]
}

/** An `act` that does not read, since an Action has written it, still says that somebody acts: an actor nobody knows. */
function readActor(value: unknown): Actor {
  const act = isJsonObject(value) ? value : {}
  return Object.freeze({
    userId: toText(act['sub']),
    issuer: toText(act['iss']),
    actor: act['act'] === undefined ? undefined : readActor(act['act']),
  })
}

/** ZITADEL sends the values as base64url without padding. */
function readMetadata(value: unknown): Readonly<Record<string, string>> {
  const entries = isJsonObject(value) ? Object.entries(value) : []
  return toFrozenRecord(
    entries.flatMap(([key, encoded]) =>
      typeof encoded === 'string' ? [[key, Buffer.from(encoded, 'base64url').toString('utf8')] as const] : [],
    ),
  )
}

function toText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function refuse(name: string, problem: string): never {
  throw new AuthorizationError('ERR_TOKEN_INVALID', `the claim "${name}" of the token ${problem}`)
}
