import { AuthorizationError } from '../errors/authorization-error.js'
import type { Clock } from '../internal/clock.js'
import { toNextOpenMs } from '../internal/open-time.js'

/** What a circuit does with requests: send them, refuse them unsent, or send one to see whether it is over. */
export type CircuitState = 'closed' | 'open' | 'half-open'

/** What {@link Circuit} takes. */
export interface CircuitOptions {
  readonly clock: Pick<Clock, 'elapsed'>
  /** So many failures, with no answer between them, open it. */
  readonly failuresToOpen: number
  /** For so long a request that was sent to see whether it is over is waited for, before another is. */
  readonly maxProbeMs: number
  /** Hears of every change of state. */
  readonly onChange?: (state: CircuitState) => void
}

/**
 * Counts failures, and opens when there are too many: for a second, then for twice as long after each further failure, up to
 * five seconds. When the time is over it lets one request pass, to see.
 */
export class Circuit {
  readonly #options: CircuitOptions
  readonly #failed = new Set<string>()
  #state: CircuitState = 'closed'
  #sinceMs = 0
  #openMs = 0
  #lastFailure: AuthorizationError | undefined

  constructor(options: CircuitOptions) {
    this.#options = options
  }

  /**
   * Tells whether a request may pass.
   *
   * @throws `AuthorizationError`: what the last failure was, with the time that is left as `retryAfterSeconds`
   */
  requirePassable(): void {
    if (this.#state === 'closed') return
    const ageMs = this.#options.clock.elapsed() - this.#sinceMs
    const waitMs = this.#state === 'open' ? this.#openMs : this.#options.maxProbeMs
    if (ageMs < waitMs) throw this.#toRefusal(Math.max(1, Math.ceil((this.#openMs - ageMs) / 1_000)))
  }

  /**
   * Tells whether a request may pass that is no probe.
   *
   * @throws `AuthorizationError`: what the last failure was
   */
  requireClosed(): void {
    if (this.#state !== 'closed') throw this.#toRefusal(1)
  }

  /** Lets a request pass that may: the first one after the time is over is the probe. */
  pass(): void {
    if (this.#state !== 'closed') this.#enter('half-open')
  }

  /** An answer came. */
  succeed(): void {
    if (this.#state === 'closed' && this.#failed.size === 0) return
    this.#failed.clear()
    this.#openMs = 0
    this.#enter('closed')
  }

  /**
   * No answer came.
   *
   * @param failure - what came instead
   * @param subject - what was asked about: failures about one thing count once
   * @param askedMs - for how long the other side asked to be left alone, which opens the circuit at once
   */
  fail(failure: AuthorizationError, subject: string, askedMs?: number): void {
    this.#failed.add(subject)
    const isEnough = this.#failed.size >= this.#options.failuresToOpen || askedMs !== undefined
    // Requests that were under way when it opened say nothing new.
    if (this.#state === 'open' || (this.#state === 'closed' && !isEnough)) return
    this.#lastFailure = failure
    this.#openMs = askedMs ?? toNextOpenMs(this.#openMs)
    this.#enter('open')
  }

  #enter(next: CircuitState): void {
    const before = this.#state
    this.#state = next
    this.#sinceMs = this.#options.clock.elapsed()
    if (before !== next) this.#options.onChange?.(next)
  }

  #toRefusal(retryAfterSeconds: number): AuthorizationError {
    const { code, reason } = this.#lastFailure as AuthorizationError
    return new AuthorizationError(code, `not asked, since before: ${reason}`, {
      cause: this.#lastFailure,
      retryAfterSeconds,
    })
  }
}
