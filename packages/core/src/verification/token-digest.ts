import { hash } from 'node:crypto'
import type { BearerToken } from '../request/bearer-token.js'

/** Names a token without being one. */
export type TokenDigest = (token: BearerToken) => string

/**
 * Makes the function that names tokens in caches: SHA-256 over everything that changes an answer, and over the whole
 * token, since ZITADEL has had tokens that were valid in more than one spelling.
 *
 * @param scope - whose answers these are: issuer and client id
 */
export function createTokenDigest(...scope: readonly string[]): TokenDigest {
  const prefix = JSON.stringify(scope)
  return (token) => hash('sha256', prefix + token, 'base64url')
}
