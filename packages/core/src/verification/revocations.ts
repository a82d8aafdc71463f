import { BoundedMap } from '../internal/bounded-map.js'
import type { Clock } from '../internal/clock.js'
import { clockToleranceSeconds } from './clock-tolerance.js'
import type { VerifiedClaims } from './verifier.js'

/** More marks than that are replaced by one for all. */
const maxMarks = 10_000

/** What a call of `forget` was about, as a name for its mark. */
export type MarkName = `token ${string}` | `user ${string}` | `id ${string}` | `session ${string}` | 'all'

/** Under these names a token may have been revoked. */
export function toMarkNames({ tokenId, userId }: VerifiedClaims, key: string): readonly MarkName[] {
  const names: readonly MarkName[] = ['all', `token ${key}`, `user ${userId}`]
  return tokenId === undefined ? names : [...names, `id ${tokenId}`, `session ${tokenId.split('-at_')[0]}`]
}

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

  /**
   * Marks what was revoked, by default just now; not before what was known, though the clock was set back meanwhile.
   *
   * @param atMs - milliseconds since 1970; what others say that is still to come was now at the latest
   */
  add(name: MarkName, atMs = this.#clock.now()): void {
    const ageMs = Math.max(0, this.#clock.now() - atMs)
    const before = name === 'all' ? this.#all() : this.#marks.get(name)
    const atSeconds = Math.max(before ?? 0, (this.#clock.now() - ageMs) / 1_000 + clockToleranceSeconds)
    if (name === 'all') this.#setAll(atSeconds, ageMs)
    else this.#set(name, atSeconds)
  }

  #setAll(atSeconds: number, ageMs: number): void {
    const untilMs = this.#clock.elapsed() - ageMs + this.#keepMs + clockToleranceSeconds * 1_000
    this.#allAtSeconds = atSeconds
    this.#allUntilMs = Math.max(this.#allUntilMs, untilMs)
  }

  #set(name: MarkName, atSeconds: number): void {
    if (this.#marks.size >= maxMarks) this.#makeRoom()
    this.#marks.set(name, atSeconds)
  }

  /**
   * Tells whether something in a token was revoked after ZITADEL had signed it. A token that does not say when counts as old.
   *
   * @param claims - of a JWT
   * @param key - the digest of the token
   */
  cover(claims: VerifiedClaims, key: string): boolean {
    const { issuedAtSeconds = 0 } = claims
    const isBefore = (atSeconds = Number.NEGATIVE_INFINITY): boolean => issuedAtSeconds <= atSeconds
    return isBefore(this.#all()) || toMarkNames(claims, key).some((name) => isBefore(this.#marks.get(name)))
  }

  /** A mark that made room would be a revocation that nobody knows of: one for all takes the place of all. */
  #makeRoom(): void {
    this.#marks.deleteWhere((atSeconds) => this.#isOver(atSeconds))
    if (this.#marks.size < maxMarks) return
    this.add('all')
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
}
