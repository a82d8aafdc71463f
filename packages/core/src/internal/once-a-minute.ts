import { BoundedMap } from './bounded-map.js'
import type { Clock } from './clock.js'

const intervalMs = 60_000

/**
 * Makes a function that tells whether something may be said again: each once a minute, however many requests meet it.
 *
 * @param clock - the time
 */
export function createOnceAMinute(clock: Clock): (what: string) => boolean {
  const saidAtMs = new BoundedMap<number>({ maxEntries: 100 })
  return (what) => {
    const nowMs = clock.elapsed()
    const isDue = nowMs - (saidAtMs.get(what) ?? Number.NEGATIVE_INFINITY) >= intervalMs
    if (isDue) saidAtMs.set(what, nowMs)
    return isDue
  }
}
