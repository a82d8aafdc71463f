import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Endpoint, type EndpointAnswer, isMeantFor } from './endpoint.js'
import { joinExposedHeaders } from './exposed-headers.js'
import { readNodeBody } from './read-body.js'
import { writeRefusal } from './write-refusal.js'

/** A middleware for requests and responses of Node.js, which Express and Nest hand on. */
export type NodeMiddleware = (
  request: IncomingMessage,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void

/** The request's target, where a router has not cut it. */
interface RoutedRequest extends IncomingMessage {
  readonly originalUrl?: string
}

/**
 * Serves an endpoint in front of what else there is, for those who write an adapter.
 *
 * @param endpoint - what answers
 */
export function createNodeMiddleware(endpoint: Endpoint): NodeMiddleware {
  return (request: RoutedRequest, response, next) => {
    if (!isMeantFor(endpoint, request.originalUrl ?? request.url ?? '')) {
      next()
      return
    }
    respond(endpoint, request, response).catch(next)
  }
}

async function respond(endpoint: Endpoint, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const answer = await endpoint.answer({
    method: request.method ?? '',
    header: (name) => toText(request.headers[name]),
    readBody: (maxBytes) => readNodeBody(request, maxBytes),
  })
  // Somebody was faster, as a middleware is that answers what takes too long.
  if (!response.headersSent) writeNodeAnswer(answer, response)
}

/**
 * Writes an answer, for those who write an adapter. One call after the other: middleware that hangs itself onto a response, to
 * compress it, to log it or to save a session, replaces its functions, and few of them return what the original does.
 *
 * @param answer - a refusal, or what an endpoint answers
 * @param response - nothing of it is sent yet
 */
export function writeNodeAnswer(
  { status, headers, body }: EndpointAnswer,
  response: Pick<ServerResponse, 'statusCode' | 'setHeader' | 'getHeader' | 'end'>,
): void {
  writeRefusal(() => {
    response.statusCode = status
    const joined = joinExposedHeaders(headers, (name) => response.getHeader(name))
    for (const [name, value] of Object.entries(joined)) response.setHeader(name, value)
    response.end(body)
  })
}

/** Node.js joins repeated headers, but for a few. */
function toText(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'object' ? value.join(', ') : value
}
