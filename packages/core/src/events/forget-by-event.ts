import { type Clock, systemClock } from '../internal/clock.js'
import type { ForgetTarget } from '../verification/forget-target.js'
import type { ZitadelEvent } from './event.js'
import { type Concerned, findConcerned } from './find-concerned.js'

/**
 * The part of a `ZitadelAuth` that events need.
 *
 * @group Types for the compiler
 */
export interface Forgetful {
  /** Reports that a target was revoked. */
  forget(target: ForgetTarget): void
  /** Reports that everything was revoked. */
  forgetAll(): void
}

/** An administrator's batch must not become as many times of asking about everybody anew. */
const betweenAllMs = 1_000

/** The calls of `forgetAll` of one ZitadelAuth: the first at once, and one after each second in which there were others. */
interface Pace {
  isPending: boolean
  isPaused: boolean
}

const paces = new WeakMap<Forgetful, Pace>()

/**
 * Removes from the cache what an event makes outdated, so that the next request of whom it concerns asks ZITADEL. If
 * the event names nobody, everything is removed: at most once a second, and at the latest a second later.
 *
 * @param auth - from `createZitadelAuth`
 * @param event - from `readZitadelEvent`
 * @returns what was removed: a target of `forget`, `'all'`, or `'nothing'` if the event takes nobody's access away
 *
 * @example
 * ```ts
 * import { forgetByEvent, readZitadelEvent } from '@org/zitadel-auth/events'
 *
 * const signingKey = await secrets.read('zitadel-signing-key')
 *
 * export function onMessage(rawBody: Uint8Array, signature: string): void {
 *   const forgotten = forgetByEvent(auth, readZitadelEvent(rawBody, signature, { signingKey }))
 *   console.log(forgotten) // { userId: '223427827918176513' }
 * }
 * ```
 */
export function forgetByEvent(auth: Forgetful, event: ZitadelEvent): Concerned {
  const concerned = findConcerned(event)
  if (concerned === 'all') forgetAllSoon(auth)
  else if (concerned !== 'nothing') auth.forget(concerned)
  return concerned
}

/** Calls `forgetAll` now, or, where that was less than a second ago, when the second is over. */
export function forgetAllSoon(auth: Forgetful, clock: Clock = systemClock): void {
  const pace = paces.get(auth) ?? { isPending: false, isPaused: false }
  paces.set(auth, pace)
  if (pace.isPaused) {
    pace.isPending = true
    return
  }
  auth.forgetAll()
  pace.isPending = false
  pace.isPaused = true
  clock.after(betweenAllMs, () => {
    pace.isPaused = false
    if (pace.isPending) forgetAllSoon(auth, clock)
  })
}
