import { createBodyUsed, type Endpoint, type EndpointAnswer, isMeantFor, readBody } from '@org/zitadel-auth/adapter'

/**
 * Responds to a request for the endpoint, and returns undefined for every other.
 *
 * @param request - the request, of any runtime
 * @group Types for the compiler
 */
export type EndpointHandler = (request: Request) => Promise<Response | undefined>

/** Serves an endpoint in front of what else there is. */
export function serve(endpoint: Endpoint): EndpointHandler {
  return async (request) => {
    return isMeantFor(endpoint, request.url) ? toResponse(await answerBy(endpoint, request), request) : undefined
  }
}

/** Gives the answer of an endpoint. */
export async function answerBy(endpoint: Endpoint, request: Request): Promise<EndpointAnswer> {
  return endpoint.answer({
    method: request.method,
    header: (name) => request.headers.get(name) ?? undefined,
    readBody: (maxBytes) => readRequestBody(request, maxBytes),
  })
}

/** Writes an answer. Of one to HEAD the headers are those of one to GET, and one with 204 may have no body, be it empty. */
export function toResponse(answer: EndpointAnswer, { method }: Request): Response {
  const isBodiless = method === 'HEAD' || answer.status === 204
  return new Response(isBodiless ? null : answer.body, answer)
}

async function readRequestBody(request: Request, maxBytes: number): Promise<Uint8Array | undefined> {
  // A stream that was read has no more to give, and would look like a body that is empty.
  if (request.bodyUsed) throw createBodyUsed()
  return readBody(request.body ?? [], maxBytes)
}
