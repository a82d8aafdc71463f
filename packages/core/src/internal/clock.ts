import { setTimeout as delay } from 'node:timers/promises'

/** Time as an argument, so that tests can move it by hand. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** Resolves after `ms` milliseconds. */
  sleep(ms: number): Promise<unknown>
}

/** The time of this machine. */
export const systemClock: Clock = { now: () => Date.now(), sleep: (ms) => delay(ms) }
