import { type Endpoint, isMeantFor, readNodeBody } from '@org/zitadel-auth/adapter'
import type { FastifyReply, FastifyRequest, RouteShorthandOptions } from 'fastify'
import { write } from './write.js'

// A registered symbol, for the copies of this package.
const mark = Symbol.for('@org/zitadel-auth-fastify/endpoint')

/** Tells whether an endpoint answers a request: whatever is closed around its route, it asks for no token. */
export function isEndpoint({ routeOptions }: { readonly routeOptions?: { readonly config?: object } }): boolean {
  return mark in (routeOptions?.config ?? {})
}

/**
 * Makes the options of a route that an endpoint answers: before a body is parsed, and whatever is closed around it.
 *
 * @param endpoint - what answers
 */
export function serve(endpoint: Endpoint): RouteShorthandOptions {
  return {
    config: { [mark]: true } as object,
    onRequest(request, reply, done) {
      if (isMeantFor(endpoint, request.originalUrl)) respond(endpoint, request, reply).catch(done)
      // Parameters in the pattern of the route may match more than its path.
      else reply.callNotFound()
    },
  }
}

async function respond(endpoint: Endpoint, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const answer = await endpoint.answer({
    method: request.method,
    header: (name) => [request.headers[name] ?? []].flat().join(', ') || undefined,
    readBody: (maxBytes) => readNodeBody(request.raw, maxBytes),
  })
  write(answer, reply)
}
