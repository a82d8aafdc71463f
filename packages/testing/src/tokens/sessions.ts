import { type Instance, nowSeconds, requireKnown } from '../instance/instance.js'
import type { AccessTokenRecord, Actor, User } from '../instance/model.js'
import { type Claims, requireCustomClaims } from './claims.js'
import { dropForeignScopes, readAudienceScopes } from './scopes.js'

/** ZITADEL's default for access and ID tokens: 12 hours. */
export const DEFAULT_LIFETIME_SECONDS = 43_200

/** The options of a token that a user gets by a login, or a service account at the token endpoint. */
export interface SessionOptions {
  /**
   * The scopes. Those that name another organization than the user's are dropped.
   *
   * @defaultValue `['openid']`
   */
  readonly scopes?: readonly string[]
  /**
   * The audience. Without it, as in ZITADEL: for a person who logged in to one of the applications, all client ids of
   * its project and the project id, then every project id that an `…:aud` scope requests. A service account's token
   * without such a scope has an empty audience, and no API accepts it.
   */
  readonly audience?: readonly string[]
  /**
   * For how many seconds the token is valid. The default is 12 hours. With a negative number it has already expired.
   *
   * @defaultValue `43_200`
   */
  readonly expiresInSeconds?: number
  /**
   * The client that it is issued to. Without it, the user name of a service account; for a person, the id of the
   * Console.
   */
  readonly clientId?: string
  /** Who acts on behalf of the user: any user, or a nested actor. Without it, nobody. */
  readonly actor?: Actor
  /** The `amr` of the introspection response: `pwd`, `otp`, `user`, `mfa`. Without it, none. */
  readonly authenticationMethods?: readonly string[]
  /** The name of the instance under which it is requested: the `iss` of a JWT. Without it, the first one. */
  readonly issuer?: string
  /** Claims that Actions add. They never replace a claim of ZITADEL. Without it, none. */
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
