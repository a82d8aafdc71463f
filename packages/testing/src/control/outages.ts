import { type Answer, json, NO_STORE, text } from '../http/answer.js'
import type { EndpointName } from './endpoint-name.js'

/**
 * Outages that a real ZITADEL has shown:
 *
 * - `database-down`: 500, in plain text, everywhere.
 * - `database-down-behind-cache`, with ZITADEL's instance cache: every token is inactive, with right and wrong
 *   credentials, discovery responds as always, and the endpoint of the keys responds with 500.
 * - `instance-blocked`, as by a quota: 429 everywhere, without `Retry-After`.
 */
export type Outage = 'database-down' | 'database-down-behind-cache' | 'instance-blocked'

/** What an endpoint answers meanwhile. Nothing where it answers as always; `/local/grants` is not ZITADEL's. */
type OutageAnswers = (endpoint: Exclude<EndpointName, 'management'>) => Answer | undefined

const internalError = json({ error: 'server_error', error_description: 'Errors.Internal' }, NO_STORE, 500)
const inactive = json({ active: false })
const databaseDown = text(500, 'ID=QUERY-1kIjX Message=Errors.Internal', NO_STORE)
const blocked = text(429, 'Your ZITADEL instance is blocked.', NO_STORE)

const behindCache: Readonly<Record<EndpointName, Answer | undefined>> = {
  discovery: undefined,
  keys: internalError,
  introspection: inactive,
  token: internalError,
  revocation: internalError,
  userinfo: internalError,
  management: undefined,
}

const outages: Readonly<Record<Outage, OutageAnswers>> = {
  'database-down': () => databaseDown,
  'database-down-behind-cache': (endpoint) => behindCache[endpoint],
  'instance-blocked': () => blocked,
}

export const outageNames = Object.keys(outages)

/** What the endpoint answers during an outage: as always, or something else. */
export function answerInOutage(outage: Outage, endpoint: EndpointName, answer: Answer): Answer {
  return endpoint === 'management' ? answer : (outages[outage](endpoint) ?? answer)
}
