import type { Priority } from '../provider/request-queue.js'
import type { VerifiedClaims } from './verifier.js'

/** One question to ZITADEL about a token: how urgent it is, and what becomes of it. */
export interface Asking {
  /** The digest of the token. */
  readonly key: string
  readonly priority: Priority
  /** Whether ZITADEL has said before, in this process, that the token is good. */
  readonly wasGood: boolean
  /** Whether it is on its way, as opposed to waiting for its turn. */
  isSent: boolean
  /** Looks whether another process has asked, where its answer will do. */
  findShared?: () => Promise<VerifiedClaims | undefined>
  /** When that one asked, by the clock of this process, whose answer it got. */
  sharedAtMs?: number
  /** For how long an answer may be used again, where that is not the time of the cache. */
  reuseSeconds?: number
}

/** Makes an {@link Asking} that is still to be sent. */
export function createAsking(key: string, priority: Priority, wasGood: boolean): Asking {
  return { key, priority, wasGood, isSent: false }
}
