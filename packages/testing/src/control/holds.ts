import type { ServerResponse } from 'node:http'
import type { EndpointChoice, EndpointName } from './endpoint-name.js'
import { createGate, type Gate, type Hold } from './gate.js'

export interface Holds {
  /**
   * Holds answers open until `release()`, so that a test can prove what happens meanwhile without sleeping.
   * The answer is made when the request arrives; what changes afterwards is not in it.
   *
   * @param endpoint default: all of them.
   */
  hold(endpoint?: EndpointChoice): Hold
  /** Resolves when nothing holds this answer any more. */
  pass(endpoint: EndpointName, response: ServerResponse): Promise<void>
  releaseAll(): void
}

export function createHolds(): Holds {
  const gates: { readonly endpoint: EndpointChoice; readonly gate: Gate }[] = []
  return {
    hold(endpoint = 'all') {
      const gate = createGate()
      gates.push({ endpoint, gate })
      return gate
    },
    async pass(endpoint, response) {
      const inTheWay = gates.filter((held) => held.endpoint === 'all' || held.endpoint === endpoint)
      await Promise.all(inTheWay.map(({ gate }) => gate.pass(response)))
    },
    releaseAll() {
      for (const { gate } of gates.splice(0)) gate.release()
    },
  }
}
