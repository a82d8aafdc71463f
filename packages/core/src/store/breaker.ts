import type { Clock } from '../internal/clock.js'
import { toNextOpenMs } from '../internal/open-time.js'

/** So many failures in a row are an outage. */
const failuresToOpen = 5

/** A command that has no answer by then is not waited for: clients lose some. */
const lostAfterMs = 60_000

/** Tells whether a store that may be gone is worth a try. */
export class Breaker {
  readonly #clock: Pick<Clock, 'elapsed'>
  #failures = 0
  #openMs = 0
  #sinceMs = 0

  constructor(clock: Pick<Clock, 'elapsed'>) {
    this.#clock = clock
  }

  /** Whether requests do without. */
  get isOpen(): boolean {
    return this.#failures >= failuresToOpen
  }

  /**
   * Tells, once each time, that it is time for a look whether the outage is over.
   *
   * @param isUnanswered - whether a command is under way: a client that keeps commands until it has a connection again must not
   * get more and more of them
   */
  takeProbe(isUnanswered: boolean): boolean {
    const sinceMs = this.#clock.elapsed() - this.#sinceMs
    const isDue = this.isOpen && sinceMs >= (isUnanswered ? lostAfterMs : this.#openMs)
    if (isDue) this.#wait()
    return isDue
  }

  /** An answer came in time. */
  succeed(): void {
    this.#failures = 0
    this.#openMs = 0
  }

  /** None did. */
  fail(): void {
    this.#failures += 1
    if (this.#failures === failuresToOpen) this.#wait()
  }

  /** An answer came too late: perhaps the client has a connection again, so the next look is due. */
  hurry(): void {
    this.#sinceMs = Number.NEGATIVE_INFINITY
  }

  #wait(): void {
    this.#openMs = toNextOpenMs(this.#openMs)
    this.#sinceMs = this.#clock.elapsed()
  }
}
