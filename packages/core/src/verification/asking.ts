import type { Priority } from '../provider/request-queue.js'
import type { Asking } from './verifier.js'

/** Makes an {@link Asking} that is still to be sent. */
export function createAsking(key: string, priority: Priority, wasGood: boolean): Asking {
  return { key, priority, wasGood, isSent: false }
}
