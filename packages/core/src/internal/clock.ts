/** Time as an argument, so that tests can move it by hand. */
export interface Clock {
  /** Milliseconds since 1970: what the times in tokens are compared with. May be set back and forth. */
  now(): number
  /** Milliseconds since some moment, for ages and waits: never goes back. Default: `now`, where only that is given. */
  elapsed(): number
  /** Resolves after `ms` milliseconds. */
  sleep(ms: number): Promise<unknown>
  /** Runs a function once, after `ms` milliseconds; the function it gives prevents that. It keeps no process alive. */
  after(ms: number, run: () => void): () => void
}

/** The time of this machine. Looked up at every call, since fake timers replace it. */
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
 * Reads the option `clock`: what it leaves out is this machine's.
 *
 * @throws {TypeError} when it has none of the functions of a {@link Clock}, or something else in the place of one
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
