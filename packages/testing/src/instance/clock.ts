/**
 * A clock that tells a time, or throws.
 *
 * @throws `TypeError`: now and later, when it gives anything but milliseconds since the epoch.
 */
export function createClock(now: () => number): () => number {
  const read = () => {
    const nowMs: unknown = now()
    if (typeof nowMs !== 'number' || Number.isNaN(new Date(nowMs).getTime()))
      throw new TypeError('"now" of startLocalZitadel gives no milliseconds since the epoch, as Date.now would')
    return nowMs
  }
  read()
  return read
}
