/** Short, so that an API is back soon after what it asks is; long enough that a flood costs a handful of requests. */
const firstOpenMs = 1_000
const longestOpenMs = 5_000

/** For how long what has failed once more is left alone: for a second, then each time for twice as long, up to five seconds. */
export function toNextOpenMs(openMs: number): number {
  return Math.min(Math.max(firstOpenMs, openMs * 2), longestOpenMs)
}
