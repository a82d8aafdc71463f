import type { BearerToken } from '../request/bearer-token.js'
import type { Answer } from './remembered-answers.js'
import type { TokenDigest } from './token-digest.js'

/** Which remembered answers to drop: those for one token, for all tokens of a user, or for a token id (`jti`). */
export type ForgetTarget = { readonly token: string } | { readonly userId: string } | { readonly tokenId: string }

/**
 * Reads which answers are meant.
 *
 * @throws {TypeError} when the target says nothing, such as `{ userId: undefined }` from an event that has no such
 * member: it would forget nothing, and nobody would know
 */
export function readForgetTarget(target: ForgetTarget, digest: TokenDigest): (answer: Answer, key: string) => boolean {
  const [[name = '', value] = [], another] = Object.entries<unknown>(target ?? {})
  if (typeof value === 'string' && value !== '' && another === undefined) {
    if (name === 'token') {
      const forgotten = digest(value as BearerToken)
      return (_answer, key) => key === forgotten
    }
    if (name === 'userId') return ({ claims }) => claims.userId === value
    if (name === 'tokenId') return ({ claims }) => claims.tokenId === value
  }
  throw new TypeError('forget() takes { token }, { userId } or { tokenId }, with a text that is not empty')
}
