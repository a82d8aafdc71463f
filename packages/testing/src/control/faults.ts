import { createDeferred } from './deferred.js'
import { type EndpointChoice, type EndpointName, endpointNames } from './endpoint-name.js'
import type { Outage } from './outages.js'

/** An answer ZITADEL itself would not give. */
export interface FaultyAnswer {
  /** The status of the answer. */
  readonly status: number
  /** Default: none, not even a content type. */
  readonly headers?: Readonly<Record<string, string>>
  /** Default: empty. Bytes are sent as they are, for example compressed. */
  readonly body?: string | Uint8Array
}

/**
 * What can go wrong:
 * an {@link Outage} by name; an answer of your own; no answer (`hang`) or half of one (`hang-in-body`) until `recover()`;
 * a connection reset before the answer (`reset`) or in the middle of it (`cut-off`).
 */
export type Fault = Outage | FaultyAnswer | 'hang' | 'hang-in-body' | 'reset' | 'cut-off'

export const connectionFaults = ['hang', 'hang-in-body', 'reset', 'cut-off'] as const satisfies readonly Fault[]

export interface Faults {
  /**
   * Makes an endpoint fail. Faults with `times` are used up first, in the order they were given;
   * the last one without `times` stays until `recover()`. Failed requests are counted like others.
   *
   * @param options.times for how many requests. Default: until `recover()`.
   */
  fail(endpoint: EndpointChoice, fault: Fault, options?: { readonly times?: number }): void
  /** Ends all faults. Requests that hang are answered. */
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
