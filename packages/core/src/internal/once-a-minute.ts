import type { Clock } from './clock.js'

const intervalMs = 60_000

/**
 * Makes a function that tells whether something may be said again: each once a minute, however many requests meet it.
 *
 * @param clock - the time
 */
export function createOnceAMinute(clock: Clock): (what: string) => boolean {
  const saidAtMs = new Map<string, number>()
  return (what) => {
    const nowMs = clock.now()
    // Either way: a clock that was set back must not silence the log until it has caught up.
    const isDue = Math.abs(nowMs - (saidAtMs.get(what) ?? Number.NEGATIVE_INFINITY)) >= intervalMs
    if (isDue) saidAtMs.set(what, nowMs)
    return isDue
  }
}
