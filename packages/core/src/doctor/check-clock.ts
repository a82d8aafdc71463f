import { clockToleranceSeconds } from '../verification/clock-tolerance.js'
import type { ReadCredentials } from './check-credentials.js'
import { explainByClock } from './explain-by-clock.js'
import type { Zitadel } from './find-zitadel.js'
import { type Finding, failed, passed, skipped, warned } from './step.js'

const name = 'clock'

/** `Date` has whole seconds, so on average it is half a second old. */
const dateAgeSeconds = 0.5

/** Beside that an answer takes its time: a difference of a second may be none. */
const resolutionSeconds = 1

const consequence =
  'Tokens look expired too early, or not yet valid. Set the clock, by NTP: ZITADEL and this API compare times.'

/** What {@link checkClock} takes. */
export interface ClockOptions {
  readonly zitadel: Zitadel | undefined
  readonly credentials: ReadCredentials | undefined
  /** Whether ZITADEL has accepted them at this machine's time: then its `Date` may come from somebody on the way. */
  readonly isAccepted: boolean
}

/** Compares the clock of this machine with the `Date` of ZITADEL's answer. */
export function checkClock({ zitadel, credentials, isAccepted }: ClockOptions): Finding<true> {
  if (zitadel === undefined) return skipped(name, 'no ZITADEL was found to compare it with')
  const { address, clockAheadSeconds } = zitadel
  if (Number.isNaN(clockAheadSeconds))
    return skipped(name, "not known: ZITADEL's answer has no Date, or comes from a cache")
  const aheadSeconds = Math.round(clockAheadSeconds - dateAgeSeconds)
  const detail =
    Math.abs(aheadSeconds) <= resolutionSeconds
      ? 'the same as that of ZITADEL, to a second'
      : `${Math.abs(aheadSeconds)} s ${aheadSeconds > 0 ? 'ahead of ZITADEL' : 'behind ZITADEL'}`
  const problem = credentials && explainByClock(credentials.toAuthenticator(address.issuer), clockAheadSeconds)
  if (problem !== undefined && !isAccepted) return failed(name, detail, { advice: [{ text: `${problem}.` }] })
  if (Math.abs(aheadSeconds) <= clockToleranceSeconds) return passed(name, detail, true)
  return warned(name, detail, true, { advice: [{ text: consequence }] })
}
