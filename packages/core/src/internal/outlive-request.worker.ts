// Not by its name: a workerd of before August 2025 does not have it, and would not start.
import * as workers from 'cloudflare:workers'

/**
 * Lets work go on when the request that has begun it ends, since others may wait for it. Workers cancel all work of a request
 * with it: those who wait get an error, then and for ever.
 *
 * @param work - what has been begun
 */
export function outliveRequest(work: Promise<unknown>): void {
  // Whoever waits hears of a failure, and the request has not failed by it.
  workers.waitUntil?.(work.catch(() => {}))
}
