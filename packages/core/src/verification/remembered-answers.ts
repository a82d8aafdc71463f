import { BoundedMap } from '../internal/bounded-map.js'
import type { Clock } from '../internal/clock.js'
import { type Publish, silent } from '../internal/diagnostics.js'
import type { VerifiedClaims } from './verifier.js'

/** How long and how many answers are kept. */
export interface CacheSettings {
  readonly ttlSeconds: number
  readonly maxEntries: number
  /** For how long after that an answer serves while ZITADEL is down. Default: 0. */
  readonly staleIfErrorSeconds?: number
}

/** An answer of ZITADEL that is remembered. */
export interface Answer {
  readonly claims: VerifiedClaims
  readonly askedAtMs: number
  readonly freshUntilMs: number
  readonly staleUntilMs: number
}

/** The answers of ZITADEL, by token digest: so many at the most, and none past the expiry of its token. */
export class RememberedAnswers {
  readonly #entries: BoundedMap<Answer>
  readonly #cache: CacheSettings | undefined
  readonly #clock: Clock

  constructor(cache: CacheSettings | undefined, clock: Clock, publish: Publish = silent) {
    this.#cache = cache
    this.#clock = clock
    this.#entries = new BoundedMap(cache?.maxEntries ?? 1, () => publish('cache', () => ({ outcome: 'evict' })))
  }

  /** Gives an answer that may be used again; `stale` also one that is old, where there is no newer one to be had. */
  recall(key: string, until: 'fresh' | 'stale' = 'fresh'): Answer | undefined {
    const answer = this.#entries.get(key)
    if (answer === undefined) return undefined
    const nowMs = this.#clock.now()
    const untilMs = until === 'fresh' ? answer.freshUntilMs : answer.staleUntilMs
    // An answer from the future means that the clock was set back, and its age is unknown.
    return answer.askedAtMs <= nowMs && nowMs < untilMs ? answer : undefined
  }

  /** Keeps an answer, if the cache is on and the token says when it expires. An older one is gone in any case. */
  keep(key: string, given: Pick<Answer, 'claims' | 'askedAtMs'>): void {
    const times = this.#readTimes(given)
    if (times === undefined || times.staleUntilMs <= this.#clock.now()) this.#entries.delete(key)
    else this.#entries.set(key, { ...given, ...times })
  }

  #readTimes({ claims, askedAtMs }: Pick<Answer, 'claims' | 'askedAtMs'>) {
    if (this.#cache === undefined || claims.expiresAtSeconds === undefined) return undefined
    const { ttlSeconds, staleIfErrorSeconds = 0 } = this.#cache
    const reuseSeconds = claims.reuseSeconds ?? ttlSeconds
    const expiresAtMs = claims.expiresAtSeconds * 1_000
    return {
      freshUntilMs: Math.min(askedAtMs + reuseSeconds * 1_000, expiresAtMs),
      staleUntilMs: Math.min(askedAtMs + (reuseSeconds + staleIfErrorSeconds) * 1_000, expiresAtMs),
    }
  }

  /** Drops one answer. */
  drop(key: string): void {
    this.#entries.delete(key)
  }

  /** Drops all answers that are meant. */
  dropWhere(isMeant: (answer: Answer, key: string) => boolean): void {
    this.#entries.deleteWhere(isMeant)
  }
}
