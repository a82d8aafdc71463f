import type { EndpointName } from '../control/endpoint-name.js'
import type { Answer } from '../http/answer.js'
import type { Call } from '../http/call.js'

/** Answers one request. */
export type Handler = (call: Call) => Answer | Promise<Answer>

/** One path of the server. */
export interface Route {
  readonly endpoint: EndpointName
  readonly path: string
  readonly methods: Readonly<Record<string, Handler>>
}
