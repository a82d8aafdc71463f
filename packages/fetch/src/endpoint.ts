import { type Endpoint, type EndpointAnswer, isMeantFor, readBody } from '@org/zitadel-auth/adapter'

/**
 * Answers a request that is meant for it, and gives undefined for every other.
 *
 * @param request - the request, of any runtime
 */
export type EndpointHandler = (request: Request) => Promise<Response | undefined>

/** Serves an endpoint in front of what else there is. */
export function serve(endpoint: Endpoint): EndpointHandler {
  return async (request) => {
    const answer = await answerBy(endpoint, request)
    if (answer === undefined) return undefined
    // Of an answer to HEAD the headers are those of one to GET, and one with 204 may have no body, be it empty.
    const isBodiless = request.method === 'HEAD' || answer.status === 204
    return new Response(isBodiless ? null : answer.body, answer)
  }
}

/** Gives the answer of an endpoint, where a request is meant for it. */
export async function answerBy(endpoint: Endpoint, request: Request): Promise<EndpointAnswer | undefined> {
  if (!isMeantFor(endpoint, request.url)) return undefined
  return endpoint.answer({
    method: request.method,
    header: (name) => request.headers.get(name) ?? undefined,
    readBody: (maxBytes) => readBody(request.body ?? [], maxBytes),
  })
}
