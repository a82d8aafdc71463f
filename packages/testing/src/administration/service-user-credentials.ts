import { type Instance, nowSeconds } from '../instance/instance.js'
import type { ServiceUser } from '../instance/model.js'
import { createSecret } from '../instance/secrets.js'
import { writeAccessToken } from '../tokens/access-tokens.js'
import { METADATA_SCOPE, RESOURCE_OWNER_SCOPE } from '../tokens/scopes.js'
import { NEVER, registerKeyPair } from './key-pair.js'
import { recordUserEvent } from './record-event.js'

/** The JSON key that you download from the Console for a service account. */
export interface ServiceUserKey {
  /** Distinguishes it from the key of an application. */
  readonly type: 'serviceaccount'
  /** The id of the key, which assertions name in their header. */
  readonly keyId: string
  /** RSA-2048, PKCS#1 PEM. */
  readonly key: string
  /** When it expires (RFC 3339, in seconds). */
  readonly expirationDate: string
  /** The id of the service account: `iss` and `sub` of an assertion. */
  readonly userId: string
}

/**
 * The part of {@link LocalZitadel} for the credentials of service accounts.
 *
 * @group Types for the compiler
 */
export interface ServiceUserCredentials {
  /**
   * Creates a personal access token. It is opaque, and every API of the instance accepts it.
   *
   * @param user - the service account
   * @param options.expiresAt - when it expires. Default: never, which in ZITADEL is the end of the year 9999
   */
  createPersonalAccessToken(user: ServiceUser, options?: { readonly expiresAt?: Date }): string
  /** Deletes a personal access token: it is inactive from now on. */
  removePersonalAccessToken(token: string): void
  /**
   * Creates a key for the grant `jwt-bearer`.
   *
   * @param user - the service account
   * @param options.expiresAt - when it expires. Default: never, which in ZITADEL is the end of the year 9999
   */
  createServiceUserKey(user: ServiceUser, options?: { readonly expiresAt?: Date }): ServiceUserKey
  /**
   * Creates the client secret for the grant `client_credentials`, where the login name is the client id. It replaces an
   * earlier one.
   */
  createServiceUserSecret(user: ServiceUser): string
}

/** Nobody can choose the scopes of a personal access token. */
const personalScopes = ['openid', 'profile', METADATA_SCOPE, RESOURCE_OWNER_SCOPE]

export function createServiceUserCredentials(instance: Instance): ServiceUserCredentials {
  return {
    createPersonalAccessToken({ id: userId }, { expiresAt = NEVER } = {}) {
      const record = {
        id: instance.nextId(),
        kind: 'personal',
        userId,
        scopes: personalScopes,
        audience: [],
        issuedAtSeconds: nowSeconds(instance),
        expiresAtSeconds: Math.floor(expiresAt.getTime() / 1_000),
        authenticationMethods: [],
        customClaims: {},
      } as const
      return writeAccessToken(instance, record, 'opaque')
    },
    removePersonalAccessToken(token) {
      const record = instance.accessTokens.get(instance.opaqueTokens.get(token) ?? '')
      instance.opaqueTokens.delete(token)
      if (record) recordUserEvent(instance, 'user.pat.removed', record.userId, { tokenId: record.id })
    },
    createServiceUserKey({ id: userId }, { expiresAt = NEVER } = {}) {
      const { keyId, pem } = registerKeyPair(instance, userId, expiresAt)
      return { type: 'serviceaccount', keyId, key: pem, expirationDate: toSecondPrecision(expiresAt), userId }
    },
    createServiceUserSecret({ id: userId }) {
      const secret = createSecret()
      instance.secrets.set(userId, secret)
      return secret
    },
  }
}

/** Go leaves the fraction of a second out when there is none, JavaScript never does. */
function toSecondPrecision(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, 'Z')
}
