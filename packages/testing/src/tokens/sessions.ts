import { type Instance, nowSeconds, requireKnown } from '../instance/instance.js'
import type { AccessTokenRecord, Actor, User } from '../instance/model.js'
import { type Claims, requireCustomClaims } from './claims.js'
import { dropForeignScopes, readAudienceScopes } from './scopes.js'

/** ZITADEL's default for access and ID tokens: 12 hours. */
export const DEFAULT_LIFETIME_SECONDS = 43_200

/** What a token is like that a user gets by logging in, or a service account at the token endpoint. */
export interface SessionOptions {
  /** Default: `openid`. Those that name another organization than the user's are dropped. */
  readonly scopes?: readonly string[]
  /**
   * Default: as ZITADEL fills it. All client ids of the application's project and that project's id for a person
   * who logged in to one of our applications, then every project id asked for by an `…:aud` scope.
   * A service account's token without such a scope has an empty audience, and no API accepts it.
   */
  readonly audience?: readonly string[]
  /** Default: 43200 (12 hours). A negative number makes a token that has already expired. */
  readonly expiresInSeconds?: number
  /** Default: a service account's name; for a person, the id of the Console. */
  readonly clientId?: string
  /** Who acts in the user's name: any user, or a nested actor. Default: nobody. */
  readonly actor?: Actor
  /** The `amr` of an introspection answer: `pwd`, `otp`, `user`, `mfa`. Default: none. */
  readonly authenticationMethods?: readonly string[]
  /** By which of the instance's names the token was asked for: the `iss` of a JWT. Default: the first one. */
  readonly issuer?: string
  /** Claims that Actions add. They never replace a claim that ZITADEL sets. Default: none. */
  readonly claims?: Claims
}

/** Describes the access token a user gets by logging in, or a service account by the token endpoint. */
export function createSessionToken(
  instance: Instance,
  user: User,
  options: SessionOptions & Pick<AccessTokenRecord, 'reason'> = {},
): AccessTokenRecord {
  const { clientId = defaultClientId(instance, user) } = options
  const scopes = readScopes(instance, user, options)
  const { expiresInSeconds = DEFAULT_LIFETIME_SECONDS, authenticationMethods = [], claims = {} } = options
  const issuedAtSeconds = nowSeconds(instance)
  return {
    id: `V2_${instance.nextId()}-at_${instance.nextId()}`,
    kind: 'session',
    userId: user.id,
    clientId,
    scopes,
    audience: options.audience ?? defaultAudience(instance, clientId, scopes),
    issuedAtSeconds,
    expiresAtSeconds: issuedAtSeconds + expiresInSeconds,
    authenticationMethods,
    customClaims: requireCustomClaims(claims),
    ...(options.actor && { actor: options.actor }),
    ...(options.reason && { reason: options.reason }),
  }
}

/** The scopes a token of the user can have. */
export function readScopes(instance: Instance, user: User, { scopes = ['openid'] }: SessionOptions): string[] {
  const { organizationId } = requireKnown(instance.users, user.id, 'user')
  return dropForeignScopes(scopes, requireKnown(instance.organizations, organizationId, 'organization'))
}

/** All applications of the client's project hear the token, then all projects asked for. */
export function defaultAudience(instance: Instance, clientId: string, scopes: readonly string[]): string[] {
  const projectId = instance.applications.get(clientId)?.projectId
  const siblings = [...instance.applications.values()].filter((application) => application.projectId === projectId)
  const ownProject = projectId === undefined ? [] : [...siblings.map((sibling) => sibling.clientId), projectId]
  const asked = readAudienceScopes(scopes).map((id) => (id === 'zitadel' ? instance.zitadelProjectId : id))
  return [...new Set([...ownProject, ...asked])]
}

/** Tokens of service accounts name the user where those of people name the application. */
export function defaultClientId(instance: Instance, user: User): string {
  return user.kind === 'service' ? user.userName : instance.consoleClientId
}
