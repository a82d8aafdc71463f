/** What an endpoint sees of a request, whatever framework has brought it. */
export interface EndpointRequest {
  /** The method, in capitals. */
  readonly method: string
  /**
   * Gives the value of a header, and undefined where there is none. Repeated ones are one, with a comma between them.
   *
   * @param name - in small letters
   */
  header(name: string): string | undefined
  /**
   * Reads the body, as it came over the wire.
   *
   * @param maxBytes - how long it may be
   * @returns undefined where it is longer
   * @throws {TypeError} where a parser of the application has read it before, and has not kept it
   */
  readBody(maxBytes: number): Promise<Uint8Array | undefined>
}

/** What an endpoint answers. */
export interface EndpointAnswer {
  /** The status. */
  readonly status: number
  /** Every header, `Content-Length` included, but for an answer without a body. */
  readonly headers: Readonly<Record<string, string>>
  /** The body; empty with 204. An answer to HEAD leaves it away. */
  readonly body: string
}

/**
 * Something that answers by itself in an application: it asks for no token. Written once, and served by every adapter.
 *
 * ```ts
 * const ping: Endpoint = {
 *   path: '/ping',
 *   answer: () => ({ status: 204, headers: {}, body: '' }),
 * }
 * ```
 */
export interface Endpoint {
  /**
   * The path that it answers, from the root of the host; every other goes on to the application. Default: undefined, where the
   * application says what comes here.
   */
  readonly path?: string | undefined
  /** Answers a request, and reads its body only if it wants to know it. */
  answer(request: EndpointRequest): EndpointAnswer | Promise<EndpointAnswer>
}

/**
 * Tells whether an endpoint answers a request.
 *
 * @param endpoint - the endpoint
 * @param target - where the request goes: a path with its query, or an address
 */
export function isMeantFor({ path }: Endpoint, target: string): boolean {
  return path === undefined || path === target.replace(/^https?:\/\/[^/?#]*/i, '').split(/[?#]/, 1)[0]
}
