import type { ServerResponse } from 'node:http'
import type { EndpointChoice, EndpointName } from './endpoint-name.js'
import { createGate, type Gate, type Hold } from './gate.js'

export interface Holds {
  /**
   * Holds responses back until `release()`, so that a test can check what happens meanwhile without sleeping. The
   * response is made when the request arrives, and later changes do not affect it.
   *
   * @param endpoint - the endpoint. Default: `all`
   */
  hold(endpoint?: EndpointChoice): Hold
  /** Resolves when nothing holds this answer any more. */
  pass(endpoint: EndpointName, response: ServerResponse): Promise<void>
  releaseAll(): void
}

export function createHolds(): Holds {
  const gates = new Map<Gate, EndpointChoice>()
  const release = (gate: Gate): void => {
    gates.delete(gate)
    gate.release()
  }
  return {
    hold(endpoint = 'all') {
      const gate = createGate()
      gates.set(gate, endpoint)
      return { ...gate, release: () => release(gate) }
    },
    async pass(endpoint, response) {
      const inTheWay = [...gates].filter(([, held]) => held === 'all' || held === endpoint)
      await Promise.all(inTheWay.map(([gate]) => gate.pass(response)))
    },
    releaseAll() {
      for (const gate of [...gates.keys()]) release(gate)
    },
  }
}
