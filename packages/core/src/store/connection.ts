import type { Clock } from '../internal/clock.js'
import { createDeadline } from '../internal/deadline.js'
import { Breaker } from './breaker.js'
import type { SendCommand } from './redis-store-options.js'

/** More than that under way are more than a slow store can bear. */
const maxRunning = 1_000

/** What {@link createConnection} takes. */
export interface ConnectionOptions {
  readonly sendCommand: SendCommand
  readonly timeoutMs: number
  readonly clock: Clock
  /** Hears why something failed. */
  readonly tell: (error: unknown) => void
}

/** One way to the store, for reading or for writing. It ends every wait, and leaves alone what does not answer. */
export interface Connection {
  /** Whether requests do without. */
  readonly isOpen: boolean
  /** Sends a command. The answer may never come. */
  send(...args: Parameters<SendCommand>[0]): Promise<unknown>
  /**
   * Does something within the deadline. Never rejects: undefined where that failed, or was not tried. After failures only what
   * nobody waits for is tried, now and then.
   */
  run<Result>(work: () => Promise<Result>, waiting: 'awaited' | 'unawaited'): Promise<Result | undefined>
  /** Does something, and rejects at the deadline. */
  endInTime<Result>(work: () => Promise<Result>): Promise<Result>
}

/** Makes a {@link Connection}. */
export function createConnection({ sendCommand, timeoutMs, clock, tell }: ConnectionOptions): Connection {
  const breaker = new Breaker(clock)
  let running = 0
  let unanswered = 0

  /** An application's function may throw, or give something else than a promise. */
  async function send(...args: Parameters<SendCommand>[0]): Promise<unknown> {
    unanswered += 1
    try {
      const answer = await sendCommand(args)
      breaker.hurry()
      return answer
    } finally {
      unanswered -= 1
    }
  }

  /** Clients wait for ever for a server that is gone. */
  async function endInTime<Result>(work: () => Promise<Result>): Promise<Result> {
    const deadline = createDeadline(clock, timeoutMs, () => new StoreTimeout())
    try {
      return await deadline.race(work())
    } finally {
      deadline.clear()
    }
  }

  async function attempt<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
    running += 1
    try {
      const result = await endInTime(work)
      breaker.succeed()
      return result
    } catch (error) {
      breaker.fail()
      tell(error)
      return undefined
    } finally {
      running -= 1
    }
  }

  return {
    get isOpen() {
      return breaker.isOpen
    },
    send,
    endInTime,
    async run(work, waiting) {
      const isProbe = breaker.isOpen && waiting === 'unawaited' && breaker.takeProbe(unanswered > 0)
      const isTried = isProbe || (!breaker.isOpen && running < maxRunning)
      return isTried ? attempt(work) : undefined
    },
  }
}

/** No answer came in time. */
export class StoreTimeout extends Error {}
