import type { HttpBindings } from '@hono/node-server'
import type { Handler, MiddlewareHandler } from 'hono'
import { exchangeHeader, type Journal } from './journal.js'

/** What the server of Node.js gives beside a request. */
export interface NodeEnv {
  Bindings: HttpBindings
}

/** What stands behind the guard. */
export interface Behind {
  readonly middleware: MiddlewareHandler
  readonly handler: Handler
}

/** Makes {@link Behind}. */
export function createBehind(journal: Journal): Behind {
  return {
    middleware(c, next) {
      journal.find(c.req.header(exchangeHeader)).run('the middleware behind the guard')
      return next()
    },
    handler(c) {
      journal.find(c.req.header(exchangeHeader)).run('the handler')
      return c.json({})
    },
  }
}

/** The first middleware of an application. */
export function observe(journal: Journal): MiddlewareHandler<NodeEnv> {
  return async (c, next) => {
    const exchange = journal.find(c.req.header(exchangeHeader))
    c.env.outgoing.once('close', exchange.leave)
    await new Promise<void>((resolve) => exchange.arrive(resolve))
    await next()
  }
}

/** Has work to do before a response is finished. */
export function finishLate(journal: Journal): MiddlewareHandler {
  return async (c, next) => {
    await next()
    await new Promise<void>((resolve) => journal.find(c.req.header(exchangeHeader)).answer(resolve))
  }
}
