import type { Instance } from '../instance/instance.js'
import type { User } from '../instance/model.js'
import {
  type AccessTokenType,
  defaultTokenType,
  findSessionToken,
  revokeSessionToken,
  writeAccessToken,
} from '../tokens/access-tokens.js'
import { createIdToken, type IdTokenOptions } from '../tokens/id-token.js'
import { createLogoutToken, type LogoutTokenOptions } from '../tokens/logout-token.js'
import { createSessionToken, type SessionOptions } from '../tokens/sessions.js'
import type { SigningAlgorithm, SigningKey } from '../tokens/signing-keys.js'
import { askBy } from './domains.js'

/** The id and the algorithm of a key that signs tokens. */
export type PublishedKey = Pick<SigningKey, 'keyId' | 'algorithm'>

/** The options of an access token. */
export interface AccessTokenOptions extends SessionOptions {
  /** Opaque or a JWT. Without it, what the user's access token type says; opaque for a person. */
  readonly type?: AccessTokenType
}

/**
 * The part of {@link LocalZitadel} for tokens, and the keys that sign them.
 *
 * @group Types for the compiler
 */
export interface TokenAdministration {
  /**
   * Issues an access token, opaque or a JWT, without a login or the token endpoint. No API accepts one of a service
   * account without `audience: [project.id]` or the scope `urn:zitadel:iam:org:project:id:{projectId}:aud`.
   */
  issueAccessToken(user: User, options?: AccessTokenOptions): string
  /** Issues an ID token. No API may accept it, although the same keys sign it. */
  issueIdToken(user: User, options?: IdTokenOptions): string
  /**
   * Revokes an access token, as the application it was issued to can.
   *
   * @throws `TypeError`: when it is not an access token of this server, or was revoked before
   */
  revokeAccessToken(token: string): void
  /** Issues a logout token. No API may accept it as an access token, although the same keys sign it. */
  issueLogoutToken(user: User, options?: LogoutTokenOptions): string
  /** The keys, oldest first. The last one signs. */
  listKeys(): readonly PublishedKey[]
  /**
   * Creates a new key that signs from now on. The old ones are published until they are deleted.
   *
   * @param options.algorithm - the algorithm. Default: `RS256`
   */
  rotateKeys(options?: { readonly algorithm?: SigningAlgorithm }): PublishedKey
  /**
   * Deletes a key: it is no longer published, and JWTs that it signed are inactive. As in ZITADEL, a key with which a
   * JWT was introspected before still counts for a day after its last use.
   *
   * @throws `Error`: when the key is the one that signs
   */
  deleteKey(keyId: string): void
}

export function createTokenAdministration(instance: Instance): TokenAdministration {
  return {
    issueAccessToken(user, { type = defaultTokenType(user), ...options } = {}) {
      const asked = askBy(instance, options.issuer)
      return writeAccessToken(asked, createSessionToken(asked, user, options), type)
    },
    issueIdToken: (user, options) => createIdToken(askBy(instance, options?.issuer), user, options),
    issueLogoutToken: (user, options) => createLogoutToken(askBy(instance, options?.issuer), user, options),
    revokeAccessToken(token) {
      const record = findSessionToken(instance, token)
      if (record) revokeSessionToken(instance, record)
    },
    listKeys: () => instance.signingKeys.all().map(toPublishedKey),
    rotateKeys: ({ algorithm = 'RS256' } = {}) => toPublishedKey(instance.signingKeys.rotate(algorithm)),
    deleteKey: (keyId) => instance.signingKeys.delete(keyId),
  }
}

function toPublishedKey({ keyId, algorithm }: SigningKey): PublishedKey {
  return { keyId, algorithm }
}
