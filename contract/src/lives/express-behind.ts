import type { IncomingMessage } from 'node:http'
import type express from 'express'
import type { RequestHandler, Response } from 'express'
import type { Exchange } from './exchange.js'
import { exchangeHeader, type Journal } from './journal.js'

/** Express 4 or 5. */
export type CreateExpress = typeof express

/** What stands behind the guard. */
export interface Behind {
  readonly middleware: RequestHandler
  readonly handler: RequestHandler
}

/** Makes {@link Behind}. */
export function createBehind(journal: Journal): Behind {
  return {
    middleware(request, _response, next) {
      find(journal, request).run('the middleware behind the guard')
      next()
    },
    handler(request, response) {
      find(journal, request).run('the handler')
      response.json({})
    },
  }
}

/** The first middleware of an application. */
export function observe(journal: Journal): RequestHandler {
  return (request, response, next) => {
    const exchange = find(journal, request)
    response.once('close', exchange.leave)
    exchange.arrive(next)
  }
}

/** Finishes responses late, by an `end` of its own, as every middleware does that has work to do before. */
export function deferEnd(journal: Journal): RequestHandler {
  return (request, response, next) => {
    const exchange = find(journal, request)
    const end = response.end as (...given: unknown[]) => Response
    response.end = (...given: unknown[]) => {
      exchange.answer(() => void end.apply(response, given))
      return response
    }
    next()
  }
}

export function find(journal: Journal, { headers }: Pick<IncomingMessage, 'headers'>): Exchange {
  return journal.find(headers[exchangeHeader])
}
