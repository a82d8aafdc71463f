/** The time, so that tests can set it. */
export interface Clock {
  /** Milliseconds since 1970, to compare with the times in tokens. May be set forward and back. */
  now(): number
  /** Milliseconds since any moment, for ages and waits. Never goes back. If only `now` is given, `now` is used. */
  elapsed(): number
  /** Resolves after `ms` milliseconds. */
  sleep(ms: number): Promise<unknown>
  /**
   * Runs a function once, after `ms` milliseconds. Returns a function that cancels it. Does not keep the process
   * running.
   */
  after(ms: number, run: () => void): () => void
}

/** The time of this machine. Works with fake timers, since it looks up the global functions at every call. */
export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  after(ms, run) {
    const timer = setTimeout(run, ms)
    // Workers and fake timers give a number.
    if (typeof timer === 'object') timer.unref?.()
    return () => clearTimeout(timer)
  },
}

/**
 * Reads the option `clock`. Functions that are left out use the time of this machine. For authors of adapters.
 *
 * @param given - some of the functions of a {@link Clock}
 * @throws `TypeError`: when it has none of the functions of a {@link Clock}, or one of them is not a function
 *
 * @example
 * ```ts
 * import { readClock } from '@org/zitadel-auth'
 *
 * let nowMs = 0
 * const clock = readClock({ now: () => nowMs })
 * nowMs += 60_000
 * console.log(clock.elapsed()) // 60000
 * ```
 */
export function readClock(given: Partial<Clock>): Clock {
  const members = Object(given) as Partial<Clock>
  const { now, elapsed = now, sleep, after } = members
  const all = [now, elapsed, sleep, after]
  if (all.every((member) => member === undefined) || all.some(isNoFunction)) {
    throw new TypeError('clock has the functions now, elapsed, sleep or after')
  }
  // Bound, since a clock may be an object with state of its own.
  return {
    now: now?.bind(members) ?? systemClock.now,
    elapsed: elapsed?.bind(members) ?? systemClock.elapsed,
    sleep: sleep?.bind(members) ?? systemClock.sleep,
    after: after?.bind(members) ?? systemClock.after,
  }
}

function isNoFunction(member: unknown): boolean {
  return member !== undefined && typeof member !== 'function'
}
