import type { Middleware } from 'koa'
import { exchangeHeader, type Journal } from './journal.js'

/** What stands behind the guard. */
export interface Behind {
  readonly middleware: Middleware
  readonly handler: Middleware
}

/** Makes {@link Behind}. */
export function createBehind(journal: Journal): Behind {
  return {
    middleware(ctx, next) {
      journal.find(ctx.get(exchangeHeader)).run('the middleware behind the guard')
      return next()
    },
    handler(ctx) {
      journal.find(ctx.get(exchangeHeader)).run('the handler')
      ctx.body = {}
    },
  }
}

/** The first middleware of an application. */
export function observe(journal: Journal): Middleware {
  return async (ctx, next) => {
    const exchange = journal.find(ctx.get(exchangeHeader))
    ctx.res.once('close', exchange.leave)
    await new Promise<void>((resolve) => exchange.arrive(resolve))
    await next()
  }
}

/** Has work to do before a response is finished. */
export function finishLate(journal: Journal): Middleware {
  return async (ctx, next) => {
    await next()
    await new Promise<void>((resolve) => journal.find(ctx.get(exchangeHeader)).answer(resolve))
  }
}
