import type { ServerResponse } from 'node:http'
import { whole } from '../arguments/rules.js'
import { createDeferred } from './deferred.js'

/** Responses that are held back until `release()`. */
export interface Hold {
  /** How many requests are held now, without those whose client is gone. */
  waiting(): number
  /** Resolves when so many requests are held at once. */
  untilWaiting(count: number): Promise<void>
  /** Sends all held responses, and holds no later ones. */
  release(): void
}

/** A hold, with the side on which requests arrive. */
export interface Gate extends Hold {
  /** Resolves when the gate is open. */
  pass(response: ServerResponse): Promise<void>
}

const counts = whole(0, Number.MAX_SAFE_INTEGER)

export function createGate(): Gate {
  const held = new Set<ServerResponse>()
  const watchers = new Set<() => void>()
  const opening = createDeferred()
  return {
    waiting: () => held.size,
    async untilWaiting(count) {
      counts(count, { call: 'untilWaiting', member: 'count' })
      const reached = createDeferred()
      const check = () => {
        if (held.size >= count) reached.resolve()
      }
      watchers.add(check)
      check()
      return reached.promise
    },
    release: opening.resolve,
    async pass(response) {
      held.add(response)
      response.once('close', () => held.delete(response))
      for (const check of watchers) check()
      await opening.promise
      held.delete(response)
    },
  }
}
