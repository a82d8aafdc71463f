import { madeUpToken } from '../connect.js'
import type { Clock } from '../internal/clock.js'
import { createIntrospectionRequest, type IntrospectionRequest } from '../provider/introspection-request.js'
import { adviseOnAnswer } from './advise-on-failure.js'
import type { ReadCredentials } from './check-credentials.js'
import type { KeysFinding } from './check-keys.js'
import { explainByClock } from './explain-by-clock.js'
import type { Zitadel } from './find-zitadel.js'
import { type Finding, failedBy, passed, skipped, toReason } from './step.js'

const name = 'introspection'

/** What {@link checkAcceptance} takes. */
export interface AcceptanceOptions {
  readonly zitadel: Zitadel | undefined
  readonly credentials: ReadCredentials | undefined
  readonly keys: KeysFinding
  readonly clock: Clock
}

/** Asks ZITADEL about a token that there is not: it answers to whom it accepts. */
export async function checkAcceptance(options: AcceptanceOptions): Promise<Finding<IntrospectionRequest>> {
  const { zitadel, credentials, keys, clock } = options
  if (zitadel === undefined) return skipped(name, 'no ZITADEL was found')
  if (credentials === undefined) return skipped(name, 'no credentials to ask with')
  const { address, metadata, fetchJson, headers, clockAheadSeconds } = zitadel
  const authenticator = credentials.toAuthenticator(address.issuer)
  const request = createIntrospectionRequest({ discover: async () => metadata, authenticator, fetchJson, headers })
  const startedAtMs = clock.elapsed()
  try {
    await request(madeUpToken)
  } catch (error) {
    // Why it refuses credentials, ZITADEL does not say; the clocks say it.
    const isRefused = toReason(error).includes('does not accept the credentials')
    const isInferred = isRefused && explainByClock(authenticator, clockAheadSeconds) === undefined
    const advice = isRefused ? [] : adviseOnAnswer(error, address)
    return failedBy(name, error, { advice, isInferred })
  }
  if (keys.hasFailed) return skipped(name, 'not known: without its keys ZITADEL gives everybody the same answer')
  const tookMs = Math.round(clock.elapsed() - startedAtMs)
  return passed(name, `ZITADEL accepts the ${credentials.proof}, in ${tookMs} ms`, request)
}
