import { AuthorizationError } from '../errors/authorization-error.js'
import type { Clock } from '../internal/clock.js'

/** Runs a task when there is room for it. */
export type ConcurrencyLimit = <Result>(task: () => Promise<Result>) => Promise<Result>

/** ZITADEL Cloud allows 50 requests a second from one address; more at once only wait there instead of here. */
const maxRunning = 50
const maxWaiting = 500

/**
 * Makes a limit: 50 tasks run at once, 500 wait for their turn, and no more than that, so that a flood of tokens nobody
 * has seen costs neither ZITADEL nor this process more than it can bear.
 *
 * @param options - `maxWaitMs`: whoever comes to their turn later than that is refused, so that a queue behind slow answers
 * empties at once; `clock`: the time
 * @returns a function that throws `ERR_PROVIDER_UNAVAILABLE` when too many are waiting, or for too long
 */
export function createConcurrencyLimit({
  maxWaitMs,
  clock,
}: {
  readonly maxWaitMs: number
  readonly clock: Clock
}): ConcurrencyLimit {
  let running = 0
  const waiting: (() => void)[] = []

  async function enter(): Promise<void> {
    if (running < maxRunning) running += 1
    else if (waiting.length < maxWaiting) await new Promise<void>((resolve) => waiting.push(resolve))
    else throw tooMany()
  }

  /** Hands the place to whoever waits longest, or gives it up. */
  function leave(): void {
    const next = waiting.shift()
    if (next === undefined) running -= 1
    else next()
  }

  return async (task) => {
    const arrivedAtMs = clock.now()
    await enter()
    try {
      if (clock.now() - arrivedAtMs > maxWaitMs) throw tooMany()
      return await task()
    } finally {
      leave()
    }
  }
}

function tooMany(): AuthorizationError {
  return new AuthorizationError('ERR_PROVIDER_UNAVAILABLE', 'too many tokens are waiting to be verified', {
    retryAfterSeconds: 1,
  })
}
