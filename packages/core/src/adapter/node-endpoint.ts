import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Endpoint, type EndpointAnswer, isMeantFor } from './endpoint.js'
import { joinExposedHeaders } from './exposed-headers.js'
import { readNodeBody } from './read-body.js'
import { writeRefusal } from './write-refusal.js'

/**
 * Middleware for requests and responses of Node.js, as Express and Nest use it.
 *
 * @group Types for the compiler
 */
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
 * Creates middleware that serves an endpoint. Requests that are not for the endpoint go on to the application.
 *
 * @param endpoint - the endpoint
 *
 * @example
 * ```ts
 * import { createNodeMiddleware, createResourceEndpoint } from '@org/zitadel-auth/adapter'
 *
 * app.use(createNodeMiddleware(createResourceEndpoint(auth)))
 * ```
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
 * Writes a response. Calls the functions of the response one after the other and not chained: middleware that
 * compresses, logs or saves a session replaces them, often without the return value.
 *
 * @param answer - an error response, or the response of an endpoint
 * @param response - the response of Node.js, of which nothing was sent yet
 * @throws `Error`: what a function of the response has thrown
 *
 * @example
 * ```ts
 * import { writeNodeAnswer } from '@org/zitadel-auth/adapter'
 * import type { ErrorRequestHandler } from 'express'
 *
 * export const onError: ErrorRequestHandler = (error, _req, res, next) => {
 *   const refusal = auth.refusal(error)
 *   if (refusal === undefined) next(error)
 *   else writeNodeAnswer(refusal, res)
 * }
 * ```
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
