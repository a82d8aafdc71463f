import { hash } from 'node:crypto'

/**
 * Names a token without being one: the key under which its answer is cached, so that a heap dump holds no tokens. Over the
 * whole token, since ZITADEL has had tokens that were valid in more than one spelling.
 */
export function toTokenDigest(token: string): string {
  return hash('sha256', token, 'base64url')
}
