import { type Endpoint, isMeantFor } from '@org/zitadel-auth/adapter'
import type { MiddlewareHandler } from 'hono'
import { answerBy } from '../endpoint.js'
import { write } from './refuse.js'

/** Serves an endpoint in front of what else there is. */
export function serve(endpoint: Endpoint): MiddlewareHandler {
  return async (c, next) => (isMeantFor(endpoint, c.req.url) ? write(await answerBy(endpoint, c.req.raw), c) : next())
}
