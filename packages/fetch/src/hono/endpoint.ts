import { writeRefusal } from '@org/zitadel-auth'
import { type Endpoint, isMeantFor } from '@org/zitadel-auth/adapter'
import type { MiddlewareHandler } from 'hono'
import { answerBy } from '../endpoint.js'
import { toResponse } from './refuse.js'

/** Serves an endpoint in front of what else there is. */
export function serve(endpoint: Endpoint): MiddlewareHandler {
  return async (c, next) => {
    if (!isMeantFor(endpoint, c.req.url)) return next()
    const answer = await answerBy(endpoint, c.req.raw)
    writeRefusal(() => {
      c.res = toResponse(answer, c)
    })
    return c.res
  }
}
