import type { Clock } from './clock.js'

/** What may be done so many times at once, and once more after each interval. */
export class TokenBucket {
  readonly #burst: number
  readonly #refillMs: number
  readonly #clock: Pick<Clock, 'elapsed'>
  #left: number
  #atMs: number

  constructor(
    { burst, refillMs }: { readonly burst: number; readonly refillMs: number },
    clock: Pick<Clock, 'elapsed'>,
  ) {
    this.#burst = burst
    this.#refillMs = refillMs
    this.#clock = clock
    this.#left = burst
    this.#atMs = clock.elapsed()
  }

  /** Takes one, if there is one left. */
  take(): boolean {
    const nowMs = this.#clock.elapsed()
    this.#left = Math.min(this.#burst, this.#left + (nowMs - this.#atMs) / this.#refillMs)
    this.#atMs = nowMs
    if (this.#left < 1) return false
    this.#left -= 1
    return true
  }

  /** How long it takes until there is one, at the most. */
  get waitMs(): number {
    return this.#refillMs
  }
}
