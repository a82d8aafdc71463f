import type { KeyObject } from 'node:crypto'
import type { Clock } from '../internal/clock.js'
import type { JsonObject } from '../internal/json.js'
import type { Logger } from '../internal/problem-log.js'
import type { MarkName } from './revocations.js'

/** A store that several processes share: what `createRedisStore()` of `@org/zitadel-auth/redis` returns. */
export interface CacheStore {
  /**
   * Called once by each `ZitadelAuth`. Touches no network. Throws a `TypeError` where there are no credentials.
   *
   * @internal
   */
  readonly connect: (owner: StoreOwner) => ConnectedStore
}

/** What a store knows of the process that uses it. */
export interface StoreOwner {
  /** What sets this API apart from others that may use the same store. */
  readonly identity: readonly (string | undefined)[]
  /** The credentials of this API, of which it makes its keys; undefined where it has none. */
  readonly secret: KeyObject | string | undefined
  /** For so long a mark counts. */
  readonly keepMarksMs: number
  readonly clock: Clock
  readonly logger: Logger
  /** Hears of revocations in other processes, and of those in this one once more. */
  learn(marks: readonly Mark[]): void
  /** Hears that there may have been others, of which nobody knows any more. */
  lose(): void
}

/** A revocation, and when it was. */
export interface Mark {
  readonly name: MarkName
  /** Milliseconds since 1970, by the clock of the process in which it was said. */
  readonly atMs: number
}

/** A positive answer of ZITADEL, and when it was asked for. */
export interface SharedAnswer {
  /** Milliseconds since 1970, by the clock of the process that asked. */
  readonly askedAtMs: number
  readonly claims: JsonObject
}

/** A store in use. It fails in silence: what can't be had is not there. */
export interface ConnectedStore {
  /** Gives an answer that is younger than that, once all marks from before it are known. Ends by itself, and never rejects. */
  find(key: string, maxAgeMs: number): Promise<SharedAnswer | undefined>
  /** Keeps an answer for others, and that long. */
  keep(key: string, answer: SharedAnswer, forMs: number): void
  /** Drops an answer: ZITADEL has said otherwise since. From then on only younger ones are found. */
  drop(key: string): void
  /** Tells others of a revocation. */
  forget(mark: Mark): void
  /** Looks for marks, at most once a second. Gives what there is to wait for, which never rejects. */
  refresh(): Promise<void> | undefined
  /** Looks for marks too. Gives what a cached answer has to wait for: nothing while marks are told as they come. */
  catchUp(): Promise<void> | undefined
  /** Ends what it has begun. */
  close(): void
}
