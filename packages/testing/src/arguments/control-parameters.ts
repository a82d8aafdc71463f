import { endpointNames } from '../control/endpoint-name.js'
import { connectionFaults, type FaultyAnswer } from '../control/faults.js'
import { outageNames } from '../control/outages.js'
import { createRule, isPlainObject, members, optional, type Rule } from './rule.js'
import { content, headers, oneOf, text, whole } from './rules.js'

const MOST_TIMES = 1_000_000

const endpoint = oneOf(...endpointNames, 'all')
const faultName = oneOf(...outageNames, ...connectionFaults)
const faultyAnswer = members<FaultyAnswer>({
  // The statuses below are no answers, but announce one.
  status: whole(200, 599),
  headers: optional(headers),
  body: optional(content),
})
const fault: Rule = (value, place) => (typeof value === 'object' ? faultyAnswer : faultName)(value, place)

/** What goes wrong, and key files. */
export const controlParameters = {
  fail: {
    endpoint,
    fault,
    options: optional(members<{ times: number }>({ times: optional(whole(0, MOST_TIMES)) })),
  },
  hold: { endpoint: optional(endpoint) },
  writeKeyFile: {
    key: createRule('a key as the Console downloads it', isKeyFile),
    path: optional(text),
  },
}

/** Also one of another instance. */
function isKeyFile(value: unknown): boolean {
  if (!isPlainObject(value)) return false
  return ['type', 'keyId', 'key'].every((member) => typeof value[member] === 'string')
}
