import { type Clock, systemClock } from '../internal/clock.js'
import type { ForgetTarget } from '../verification/forget-target.js'
import type { ZitadelEvent } from './event.js'
import { type Concerned, findConcerned } from './find-concerned.js'

/** What is told, such as what `createZitadelAuth` gives. */
export interface Forgetful {
  /** Forgets what is known of a target. */
  forget(target: ForgetTarget): void
  /** Forgets everything. */
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
 * Makes a ZitadelAuth forget what an event of ZITADEL makes untrue: the next request of whom it concerns is judged by a new answer
 * of ZITADEL. Where an event names nobody, everything is forgotten, at most once a second and at the latest a second later.
 *
 * @param auth - from `createZitadelAuth`
 * @param event - from `readZitadelEvent`
 * @returns what was forgotten: a target of `forget`, `'all'`, or `'nothing'` where the event takes nobody's access away
 *
 * @example
 * ```ts
 * forgetByEvent(auth, readZitadelEvent(rawBody, header, { signingKey })) // { userId: '223427827918176513' }
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
