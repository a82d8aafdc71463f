import type { Endpoint } from '@org/zitadel-auth/adapter'
import type { MiddlewareHandler } from 'hono'
import { answerBy } from '../endpoint.js'
import { toResponse } from './refuse.js'

/** Serves an endpoint in front of what else there is. */
export function serve(endpoint: Endpoint): MiddlewareHandler {
  return async (c, next) => {
    const answer = await answerBy(endpoint, c.req.raw)
    return answer === undefined ? next() : toResponse(answer, c)
  }
}
