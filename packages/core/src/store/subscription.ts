import type { Clock } from '../internal/clock.js'
import type { Subscribe } from './redis-store-options.js'
import { toText } from './replies.js'

/** After a failure it is not tried again before that. */
const retryMs = 5_000

/** Longer than any that this library publishes: whoever may publish on the channel must not make every process read for long. */
const maxMessageLength = 128 * 1_024

/** What {@link createSubscription} takes. */
export interface SubscriptionOptions {
  readonly subscribe: Subscribe | undefined
  readonly channel: string
  readonly clock: Clock
  readonly onMessage: (message: string) => void
  /** Hears why it failed. */
  readonly tell: (error: unknown) => void
}

/** The subscription of this process to what others revoke. */
export interface Subscription {
  /** Whether it has begun. That it has died since then no client tells. */
  readonly isBegun: boolean
  /** Begins it, if it has not begun. */
  start(): void
  /** Ends it. */
  stop(): void
}

/** Makes a {@link Subscription}. Nothing rests on it: it makes known sooner what a look at the store tells as well. */
export function createSubscription(options: SubscriptionOptions): Subscription {
  const { channel, clock, onMessage, tell } = options
  let { subscribe } = options
  let startAtMs = Number.NEGATIVE_INFINITY
  let isBegun = false
  let isStopped = false
  let end: unknown

  /** Clients call with whatever comes, and on as long as they like. */
  function listen(message: unknown): void {
    const text = toText(message)
    if (!isStopped && text !== undefined && text.length <= maxMessageLength) onMessage(text)
  }

  async function begin(): Promise<void> {
    try {
      end = await subscribe?.(channel, listen)
      isBegun = subscribe !== undefined
      if (isStopped) await callEnd()
    } catch (error) {
      startAtMs = clock.elapsed() + retryMs
      tell(error)
    }
  }

  async function callEnd(): Promise<void> {
    const stop = end
    end = undefined
    if (typeof stop === 'function') await stop()
  }

  return {
    get isBegun() {
      return isBegun
    },
    start() {
      if (isStopped || clock.elapsed() < startAtMs) return
      startAtMs = Number.POSITIVE_INFINITY
      void begin()
    },
    stop() {
      isStopped = true
      subscribe = undefined
      callEnd().catch(tell)
    },
  }
}
