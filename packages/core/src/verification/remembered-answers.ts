import { BoundedMap } from '../internal/bounded-map.js'
import type { Clock } from '../internal/clock.js'
import { type Publish, silent } from '../internal/diagnostics.js'
import type { VerifiedClaims } from './verifier.js'

/** How long and how many answers are kept. */
export interface CacheSettings {
  readonly ttlSeconds: number
  readonly maxEntries: number
  /** Roughly, for all answers together. Default: anything. */
  readonly maxBytes?: number
  /** For how long after that an answer serves while ZITADEL is down. Default: 0. */
  readonly staleIfErrorSeconds?: number
}

/** An answer of ZITADEL that is remembered. Ages are counted by a clock that nobody sets. */
export interface Answer {
  readonly claims: VerifiedClaims
  readonly askedAtMs: number
  /** From then on it is renewed while it is used, so that nobody has to wait for a new one. */
  readonly renewAtMs: number
  readonly freshUntilMs: number
  readonly staleUntilMs: number
}

/** An answer that is used is renewed when this part of its time is over. */
export const renewAfter = 0.8

/** An object takes about twice its JSON, and something for itself. */
const bytesPerCharacter = 2
const bytesPerAnswer = 1_024

/** The answers of ZITADEL, by token digest: so many at the most, and none past the expiry of its token. */
export class RememberedAnswers {
  readonly #entries: BoundedMap<Answer>
  readonly #cache: CacheSettings | undefined
  readonly #clock: Clock
  readonly #publish: Publish

  constructor(cache: CacheSettings | undefined, clock: Clock, publish: Publish = silent) {
    this.#cache = cache
    this.#clock = clock
    this.#publish = publish
    this.#entries = new BoundedMap({
      maxEntries: cache?.maxEntries ?? 1,
      maxWeight: cache?.maxBytes ?? Number.POSITIVE_INFINITY,
      weigh: ({ claims }) => bytesPerAnswer + bytesPerCharacter * JSON.stringify(claims.claims).length,
      isExpired: (answer) => hasExpired(answer, clock.now()) || clock.elapsed() >= answer.staleUntilMs,
      onEvict: () => publish('cache', () => ({ outcome: 'evict' })),
    })
  }

  /** Gives an answer that may be used again; `stale` also one that is old, where there is no newer one to be had. */
  recall(
    key: string,
    until: 'fresh' | 'stale' = 'fresh',
    nowMs = this.#clock.now(),
    elapsedMs = this.#clock.elapsed(),
  ): Answer | undefined {
    const answer = this.#entries.get(key)
    if (answer === undefined || hasExpired(answer, nowMs)) return undefined
    const untilMs = until === 'fresh' ? answer.freshUntilMs : answer.staleUntilMs
    return elapsedMs < untilMs && answer.claims.isStillVouchedFor?.() !== false ? answer : undefined
  }

  /** Keeps an answer, if the cache is on and the token says when it expires. An older one is gone in any case. */
  keep(key: string, claims: VerifiedClaims, askedAtMs: number, isShared = false): void {
    // One that another process got is renewed a while after that, so that one renews and the others find it.
    const answer = this.#toAnswer(claims, askedAtMs, renewAfter + (isShared ? 0.05 + Math.random() * 0.1 : 0))
    if (answer === undefined || hasExpired(answer, this.#clock.now()) || answer.staleUntilMs <= this.#clock.elapsed()) {
      this.#entries.delete(key)
    } else this.#entries.set(key, answer)
    this.#tell()
  }

  #toAnswer(claims: VerifiedClaims, askedAtMs: number, renewPart: number): Answer | undefined {
    if (this.#cache === undefined || claims.expiresAtSeconds === undefined) return undefined
    const { ttlSeconds, staleIfErrorSeconds = 0 } = this.#cache
    // Nobody need be asked about a signature again: while its key is published it stays what it is.
    const isVouchedFor = claims.isStillVouchedFor !== undefined
    const reuseMs = isVouchedFor ? Number.POSITIVE_INFINITY : (claims.reuseSeconds ?? ttlSeconds) * 1_000
    return {
      claims,
      askedAtMs,
      renewAtMs: askedAtMs + reuseMs * renewPart,
      freshUntilMs: askedAtMs + reuseMs,
      staleUntilMs: askedAtMs + reuseMs + staleIfErrorSeconds * 1_000,
    }
  }

  /** Drops one answer. */
  drop(key: string): void {
    this.#entries.delete(key)
    this.#tell()
  }

  /** Drops all answers that are meant. */
  dropWhere(isMeant: (answer: Answer, key: string) => boolean): void {
    this.#entries.deleteWhere(isMeant)
    this.#tell()
  }

  #tell(): void {
    this.#publish('answers', () => ({ entries: this.#entries.size }))
  }
}

/** Expiry is a time of ZITADEL's clock. */
function hasExpired({ claims: { expiresAtSeconds = Number.POSITIVE_INFINITY } }: Answer, nowMs: number): boolean {
  return expiresAtSeconds * 1_000 <= nowMs
}
