import { type Endpoint, isMeantFor, readNodeBody } from '@org/zitadel-auth/adapter'
import type { Middleware } from 'koa'
import { write } from './write.js'

/** Serves an endpoint in front of what else there is. */
export function serve(endpoint: Endpoint): Middleware {
  return async (ctx, next) => {
    if (!isMeantFor(endpoint, ctx.originalUrl)) return next()
    write(
      await endpoint.answer({
        method: ctx.method,
        header: (name) => ctx.get(name) || undefined,
        readBody: (maxBytes) => readNodeBody(ctx.req, maxBytes),
      }),
      ctx,
    )
  }
}
