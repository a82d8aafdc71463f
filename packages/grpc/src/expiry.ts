/** Time as an argument, so that tests can move it by hand. */
export interface AlarmClock {
  /** Milliseconds since 1970. */
  now(): number
  /** Runs a function once, after `ms` milliseconds; the function it gives prevents that. */
  after(ms: number, run: () => void): () => void
}

/** The time of this machine. Its alarms do not keep a process alive. */
export const systemClock: AlarmClock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms).unref()
    return () => clearTimeout(timer)
  },
}

/** `setTimeout` takes a longer time for no time at all, and the tokens that never expire do so in the year 9999. */
const longestDelayMs = 2 ** 31 - 1

/**
 * Calls back once, when a token expires.
 *
 * @param expiresAt - undefined when ZITADEL does not say, and nothing happens
 * @param onExpired - what to do then
 * @returns a function that ends the wait
 */
export function watchExpiry(
  expiresAt: Date | undefined,
  onExpired: () => void,
  { now, after }: AlarmClock,
): () => void {
  if (expiresAt === undefined) return () => {}
  let stop = (): void => {}
  const wait = (): void => {
    const remainingMs = expiresAt.getTime() - now()
    if (remainingMs <= 0) onExpired()
    else stop = after(Math.min(remainingMs, longestDelayMs), wait)
  }
  wait()
  return () => stop()
}
