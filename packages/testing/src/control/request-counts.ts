import { type EndpointName, endpointNames } from './endpoint-name.js'

/** Requests by endpoint, counted when they arrive. */
export type RequestCounts = Readonly<Record<EndpointName, number>>

export interface RequestCounter {
  /** The requests so far. The same object is always up to date. */
  readonly requests: RequestCounts
  count(endpoint: EndpointName): void
  /** Sets every count to 0. */
  resetRequests(): void
}

export function createRequestCounter(): RequestCounter {
  const requests = { discovery: 0, keys: 0, introspection: 0, token: 0, revocation: 0, userinfo: 0, management: 0 }
  return {
    requests,
    count: (endpoint) => void requests[endpoint]++,
    resetRequests() {
      for (const endpoint of endpointNames) requests[endpoint] = 0
    },
  }
}
