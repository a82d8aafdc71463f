import { createDeferred } from './deferred.js'
import { type EndpointChoice, type EndpointName, endpointNames } from './endpoint-name.js'
import type { Outage } from './outages.js'

/** A response that ZITADEL itself would not send. */
export interface FaultyAnswer {
  /** The status. */
  readonly status: number
  /** The headers. Without it, none, not even a content type. */
  readonly headers?: Readonly<Record<string, string>>
  /** The body, empty by default. Bytes are sent unchanged, for example compressed. */
  readonly body?: string | Uint8Array
}

/**
 * What can go wrong: an {@link Outage}; a response of your own; no response (`hang`) or half of one (`hang-in-body`)
 * until `recover()`; a connection that is reset before the response (`reset`) or in the middle of it (`cut-off`).
 */
export type Fault = Outage | FaultyAnswer | 'hang' | 'hang-in-body' | 'reset' | 'cut-off'

export const connectionFaults = ['hang', 'hang-in-body', 'reset', 'cut-off'] as const satisfies readonly Fault[]

export interface Faults {
  /**
   * Makes an endpoint fail. Faults with `times` are used first, in their order; the last one without `times` stays
   * until `recover()`. Failed requests are counted like others.
   *
   * @param endpoint - the endpoint, or `all`
   * @param fault - what goes wrong
   * @param options.times - for how many requests. Default: until `recover()`
   */
  fail(endpoint: EndpointChoice, fault: Fault, options?: { readonly times?: number }): void
  /** Ends all faults. Requests that hang get their response. */
  recover(): void
  /** The fault that hits this request, if any. */
  next(endpoint: EndpointName): Hit | undefined
}

/** A fault that hits one request. */
export interface Hit {
  readonly fault: Fault
  /** Resolves at the first `recover()` after the request has arrived. */
  readonly recovered: Promise<void>
}

interface EndpointFaults {
  limited: Fault[]
  lasting: Fault | undefined
}

export function createFaults(): Faults {
  const faults = new Map<EndpointName, EndpointFaults>()
  let recovery = createDeferred()

  const add = (endpoint: EndpointName, fault: Fault, times: number | undefined) => {
    const { limited = [], lasting } = faults.get(endpoint) ?? {}
    if (times === undefined) faults.set(endpoint, { limited, lasting: fault })
    else faults.set(endpoint, { limited: [...limited, ...Array<Fault>(times).fill(fault)], lasting })
  }

  return {
    fail(choice, fault, { times } = {}) {
      for (const endpoint of choice === 'all' ? endpointNames : [choice]) add(endpoint, fault, times)
    },
    recover() {
      faults.clear()
      recovery.resolve()
      recovery = createDeferred()
    },
    next(endpoint) {
      const { limited = [], lasting } = faults.get(endpoint) ?? {}
      const fault = limited.shift() ?? lasting
      return fault && { fault, recovered: recovery.promise }
    },
  }
}
