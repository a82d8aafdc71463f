/** The part of a request that an {@link Endpoint} needs, in any framework. */
export interface EndpointRequest {
  /** The method, in upper case. */
  readonly method: string
  /**
   * Returns the value of a header, or undefined. Values of a repeated header are joined with a comma.
   *
   * @param name - in lower case
   */
  header(name: string): string | undefined
  /**
   * Reads the body, as it was received.
   *
   * @param maxBytes - how long it may be
   * @returns undefined if it is longer
   * @throws `TypeError`: when a parser of the application has read the body before, and did not keep its bytes
   */
  readBody(maxBytes: number): Promise<Uint8Array | undefined>
}

/** The response of an {@link Endpoint}. */
export interface EndpointAnswer {
  /** The status. */
  readonly status: number
  /** All headers, including `Content-Length` if there is a body. */
  readonly headers: Readonly<Record<string, string>>
  /** The body; empty with 204. Leave it out in the response to a HEAD request. */
  readonly body: string
}

/**
 * A handler that needs no token, written once for all adapters.
 *
 * ```ts
 * import type { Endpoint } from '@org/zitadel-auth/adapter'
 *
 * export const ping: Endpoint = {
 *   path: '/ping',
 *   answer: () => ({ status: 204, headers: {}, body: '' }),
 * }
 * ```
 */
export interface Endpoint {
  /**
   * The path, from the root of the host. Requests for other paths go on to the application. Without it, the application
   * decides which requests come here.
   */
  readonly path?: string | undefined
  /** Responds to a request. Reads the body only if it is needed. */
  answer(request: EndpointRequest): EndpointAnswer | Promise<EndpointAnswer>
}

/**
 * Whether an endpoint responds to a request.
 *
 * @param endpoint - the endpoint
 * @param target - what is requested: a path with its query, or a URL
 *
 * @example
 * ```ts
 * import { createResourceEndpoint, isMeantFor } from '@org/zitadel-auth/adapter'
 *
 * const metadata = createResourceEndpoint(auth)
 * console.log(isMeantFor(metadata, '/.well-known/oauth-protected-resource/mcp?v=1')) // true
 * console.log(isMeantFor(metadata, '/tasks')) // false
 * ```
 */
export function isMeantFor({ path }: Endpoint, target: string): boolean {
  return path === undefined || path === target.replace(/^https?:\/\/[^/?#]*/i, '').split(/[?#]/, 1)[0]
}
