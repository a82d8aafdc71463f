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

/** What the public may know of a web key. */
export type PublishedKey = Pick<SigningKey, 'keyId' | 'algorithm'>

/** What an access token is like. */
export interface AccessTokenOptions extends SessionOptions {
  /** Default: what the user's access token type says; `opaque` for a person. */
  readonly type?: AccessTokenType
}

/** Tokens of every kind, and the keys that sign them. */
export interface TokenAdministration {
  /**
   * Issues an access token without the token endpoint or a login: opaque, or a JWT. No API accepts one of a service account
   * without `audience: [project.id]` or the scope `urn:zitadel:iam:org:project:id:{projectId}:aud`.
   */
  issueAccessToken(user: User, options?: AccessTokenOptions): string
  /** Issues an ID token, which no API may accept although the same keys sign it. */
  issueIdToken(user: User, options?: IdTokenOptions): string
  /**
   * Revokes an access token, as the application it was issued to can at the revocation endpoint, and nobody else.
   *
   * @throws {TypeError} for what is no access token of this server, or was revoked.
   */
  revokeAccessToken(token: string): void
  /** Issues a back-channel logout token, which no API may accept although the same keys sign it. */
  issueLogoutToken(user: User, options?: LogoutTokenOptions): string
  /** The web keys, oldest first. The last one signs. */
  listKeys(): readonly PublishedKey[]
  /**
   * Makes a new key the one that signs. The old ones stay published until they are deleted.
   *
   * @param options.algorithm default: `RS256`.
   */
  rotateKeys(options?: { readonly algorithm?: SigningAlgorithm }): PublishedKey
  /**
   * Deletes a key: it is not published any more, and JWTs signed with it introspect as inactive; unless one of them was
   * introspected before, for ZITADEL remembers such a key until a day after its last use.
   *
   * @throws {Error} for the key that signs, as ZITADEL does.
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
