import type { BearerToken } from '../request/bearer-token.js'
import { decodeObject, readUnverifiedJwt } from './jwt/compact-jwt.js'
import type { Answer } from './remembered-answers.js'
import type { MarkName } from './revocations.js'
import { toTokenDigest } from './token-digest.js'

/**
 * What was revoked: a token, all tokens of a user, a token by its id (`jti`), or a session by its id. The id of a
 * session is the first half of the ids of its tokens (`V2_…`).
 */
export type ForgetTarget =
  | {
      /** A token, without a scheme. */
      readonly token: string
    }
  | {
      /** The id of a user, for all of their tokens. */
      readonly userId: string
    }
  | {
      /** The id of a token (`jti`). */
      readonly tokenId: string
    }
  | {
      /** The id of a session, for all of its tokens. */
      readonly sessionId: string
    }

/** What a {@link ForgetTarget} means. */
export interface Forgotten {
  readonly mark: MarkName
  readonly isMeant: (answer: Answer, key: string) => boolean
}

/**
 * Reads what was revoked.
 *
 * @throws `TypeError`: when the target says nothing, such as `{ userId: undefined }` from an event that has no such
 * member, or `Bearer` and a token: it would forget nothing, and nobody would know
 */
export function readForgetTarget(target: ForgetTarget): Forgotten {
  const members = Object.entries<unknown>(target ?? {})
  for (const [name, value] of members) {
    const isKnown = members.length === 1 && Object.hasOwn(readers, name)
    if (isKnown && typeof value === 'string' && /^\S+$/.test(value)) return readers[name as keyof typeof readers](value)
  }
  throw new TypeError(
    'forget() takes { token }, { userId }, { tokenId } or { sessionId }, with a text that has no spaces',
  )
}

type Reader = (value: string) => Forgotten

/** An ECDSA signature has a twin that is as good: of a JWT it is the id that tells whether it is the same. */
function readTokenId(token: string): string | undefined {
  const jwt = readUnverifiedJwt(token as BearerToken)
  const tokenId = jwt && decodeObject(jwt.encodedPayload)?.['jti']
  return typeof tokenId === 'string' ? tokenId : undefined
}

const readers: Readonly<Record<'token' | 'userId' | 'tokenId' | 'sessionId', Reader>> = {
  token(value) {
    const forgotten = toTokenDigest(value)
    const tokenId = readTokenId(value)
    const mark = tokenId === undefined ? (`token ${forgotten}` as const) : (`id ${tokenId}` as const)
    const isSame = (other: string | undefined): boolean => tokenId !== undefined && other === tokenId
    return { mark, isMeant: ({ claims }, key) => key === forgotten || isSame(claims.tokenId) }
  },
  userId: (value) => ({ mark: `user ${value}`, isMeant: ({ claims }) => claims.userId === value }),
  tokenId: (value) => ({ mark: `id ${value}`, isMeant: ({ claims }) => claims.tokenId === value }),
  sessionId: (value) => ({
    mark: `session ${value}`,
    isMeant: ({ claims }) => claims.tokenId?.startsWith(`${value}-at_`) ?? false,
  }),
}
