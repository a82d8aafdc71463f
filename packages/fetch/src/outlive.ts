/** What an edge runtime passes with a request: the `ctx` of a worker, the event of a middleware of Next.js. */
export interface RequestLifetime {
  /**
   * Keeps the runtime from ending work with the request.
   *
   * @param work - what was begun
   */
  waitUntil(work: Promise<unknown>): void
}

/**
 * Lets work go on when the request that has begun it ends, since other requests may wait for the same answer of ZITADEL: where
 * the runtime would end it, and says how not to.
 */
export function outlive<Result>(work: Promise<Result>, lifetime: RequestLifetime | undefined): Promise<Result> {
  // Whoever waits hears of a failure, and the request has not failed by it. A call of the method: those of workers know their this.
  lifetime?.waitUntil(work.then(ignore, ignore))
  return work
}

function ignore(): void {}

/** Tells whether something that came with a request is its {@link RequestLifetime}. */
export function isLifetime(value: unknown): value is RequestLifetime {
  return typeof (value as Partial<RequestLifetime> | null | undefined)?.waitUntil === 'function'
}
