import type { IncomingMessage, ServerResponse } from 'node:http'
import type { EndpointName } from '../control/endpoint-name.js'
import type { Faults, Hit } from '../control/faults.js'
import type { Holds } from '../control/holds.js'
import { answerInOutage } from '../control/outages.js'
import type { RequestCounter } from '../control/request-counts.js'
import { findRoute } from '../endpoints/routes.js'
import type { Instance } from '../instance/instance.js'
import type { Answer } from './answer.js'
import { readTarget } from './call.js'
import { dispatch } from './dispatch.js'
import { type DatedResponse, resetConnection, writeAnswer, writeCutOff, writeSlowly } from './write-answer.js'

export interface ServeOptions {
  readonly instance: Instance
  readonly counter: RequestCounter
  readonly faults: Faults
  readonly holds: Holds
}

/** Takes one request through the server: it is counted, answered, held if a test says so, and answered wrongly if it says so. */
export async function serve(request: IncomingMessage, response: ServerResponse, options: ServeOptions): Promise<void> {
  const { instance, counter, faults, holds } = options
  const route = findRoute(readTarget(request).path)
  const { endpoint } = route
  if (endpoint) counter.count(endpoint)
  const hit = endpoint && faults.next(endpoint)
  const answer = await dispatch(request, route, instance)
  if (endpoint) await holds.pass(endpoint, response)
  const dated = { response, now: instance.now }
  if (endpoint && hit) await writeWrongly(dated, endpoint, answer, hit)
  else writeAnswer(dated, answer)
}

async function writeWrongly(
  dated: DatedResponse,
  endpoint: EndpointName,
  answer: Answer,
  { fault, recovered }: Hit,
): Promise<void> {
  switch (fault) {
    case 'hang':
      await recovered
      return writeAnswer(dated, answer)
    case 'hang-in-body':
      return writeSlowly(dated, answer, recovered)
    case 'reset':
      return resetConnection(dated)
    case 'cut-off':
      return writeCutOff(dated, answer)
    case 'database-down':
    case 'database-down-behind-cache':
    case 'instance-blocked':
      return writeAnswer(dated, answerInOutage(fault, endpoint, answer))
    default:
      return writeAnswer(dated, fault)
  }
}
