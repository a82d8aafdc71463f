import type { IncomingHttpHeaders } from 'node:http'
import fastify, {
  type FastifyInstance,
  type preHandlerHookHandler,
  type preParsingHookHandler,
  type preValidationHookHandler,
  type RouteHandlerMethod,
} from 'fastify'
import type { Exchange } from './exchange.js'
import { exchangeHeader, type Journal } from './journal.js'

/** What stands behind the guard. */
export interface Behind {
  readonly hooks: {
    readonly preParsing: preParsingHookHandler
    readonly preValidation: preValidationHookHandler
    readonly preHandler: preHandlerHookHandler
  }
  readonly handler: RouteHandlerMethod
}

/** Over HTTP/2 it is of another type; nothing here makes a difference between them. */
export function createFastify(version: 'HTTP/1.1' | 'HTTP/2'): FastifyInstance {
  const options = { exposeHeadRoutes: false }
  return version === 'HTTP/2' ? (fastify({ ...options, http2: true }) as unknown as FastifyInstance) : fastify(options)
}

/** Makes {@link Behind}. */
export function createBehind(journal: Journal): Behind {
  return {
    hooks: {
      preParsing(request, _reply, payload, done) {
        find(journal, request).run('preParsing')
        done(null, payload)
      },
      preValidation(request, _reply, done) {
        find(journal, request).run('preValidation')
        done()
      },
      preHandler(request, _reply, done) {
        find(journal, request).run('preHandler')
        done()
      },
    },
    handler(request, reply) {
      find(journal, request).run('the handler')
      reply.send({})
    },
  }
}

/** Adds the first hook of an application. */
export function observe(app: FastifyInstance, journal: Journal): void {
  app.addHook('onRequest', (request, reply, done) => {
    const exchange = find(journal, request)
    reply.raw.once('close', exchange.leave)
    exchange.arrive(done)
  })
}

export function find(journal: Journal, { headers }: { readonly headers: IncomingHttpHeaders }): Exchange {
  return journal.find(headers[exchangeHeader])
}
