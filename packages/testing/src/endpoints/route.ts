import type { EndpointName } from '../control/endpoint-name.js'
import type { Answer } from '../http/answer.js'
import type { Call } from '../http/call.js'
import type { Instance } from '../instance/instance.js'

/** Answers one request. */
export type Handler = (instance: Instance, call: Call) => Answer | Promise<Answer>

/** One path of the server, or all the paths it does not know. */
export interface Route {
  /** Absent where requests are not counted, held and made to fail. */
  readonly endpoint?: EndpointName
  readonly handle: Handler
}
