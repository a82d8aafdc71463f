import { BoundedMap } from '../internal/bounded-map.js'
import type { Clock } from '../internal/clock.js'
import { clockToleranceSeconds } from './clock-tolerance.js'
import type { VerifiedClaims } from './verifier.js'

/** More marks than that are replaced by one for all. */
const maxMarks = 10_000

/** What a call of `forget` was about, as a name for its mark. */
export type MarkName = `token ${string}` | `user ${string}` | `id ${string}` | `session ${string}`

/**
 * Knows what was revoked, and when: what ZITADEL signed before that is not believed without asking. What it answered before
 * is gone from the cache at once, and needs no mark.
 */
export class Revocations {
  readonly #marks: BoundedMap<number>
  readonly #clock: Clock
  readonly #keepMs: number
  #allAtSeconds = Number.NEGATIVE_INFINITY
  #allUntilMs = Number.NEGATIVE_INFINITY

  /**
   * @param maxJwtLifetimeSeconds - for so long a mark is kept: no JWT from before it is good after that
   * @param clock - the time
   */
  constructor(maxJwtLifetimeSeconds: number, clock: Clock) {
    this.#clock = clock
    this.#keepMs = maxJwtLifetimeSeconds * 1_000
    this.#marks = new BoundedMap({ maxEntries: maxMarks, isExpired: (atSeconds) => this.#isOver(atSeconds) })
  }

  /** Marks what was revoked just now. */
  add(name: MarkName): void {
    if (this.#marks.size >= maxMarks) this.#makeRoom()
    this.#marks.set(name, this.#latest(this.#marks.get(name)))
  }

  /** Marks everything. */
  addAll(): void {
    this.#allAtSeconds = this.#latest(this.#all())
    this.#allUntilMs = this.#clock.elapsed() + this.#keepMs + clockToleranceSeconds * 1_000
  }

  /**
   * Tells whether something in a token was revoked after ZITADEL had signed it. A token that does not say when counts as old.
   *
   * @param claims - of a JWT
   * @param key - the digest of the token
   */
  cover({ tokenId, userId, issuedAtSeconds = 0 }: VerifiedClaims, key: string): boolean {
    const isBefore = (atSeconds = Number.NEGATIVE_INFINITY): boolean => issuedAtSeconds <= atSeconds
    const isMarked = (name: MarkName): boolean => isBefore(this.#marks.get(name))
    return (
      isBefore(this.#all()) ||
      isMarked(`token ${key}`) ||
      isMarked(`user ${userId}`) ||
      (tokenId !== undefined && (isMarked(`id ${tokenId}`) || isMarked(`session ${tokenId.split('-at_')[0]}`)))
    )
  }

  /** A mark that made room would be a revocation that nobody knows of: one for all takes the place of all. */
  #makeRoom(): void {
    this.#marks.deleteWhere((atSeconds) => this.#isOver(atSeconds))
    if (this.#marks.size < maxMarks) return
    this.addAll()
    this.#marks.deleteWhere((atSeconds) => {
      this.#allAtSeconds = Math.max(this.#allAtSeconds, atSeconds)
      return true
    })
  }

  #isOver(atSeconds: number): boolean {
    return this.#clock.now() > atSeconds * 1_000 + this.#keepMs
  }

  #all(): number | undefined {
    return this.#clock.elapsed() < this.#allUntilMs ? this.#allAtSeconds : undefined
  }

  /** The time of a mark of now: not before that of the one it takes the place of, though the clock was set back meanwhile. */
  #latest(atSeconds = Number.NEGATIVE_INFINITY): number {
    return Math.max(atSeconds, this.#clock.now() / 1_000 + clockToleranceSeconds)
  }
}
