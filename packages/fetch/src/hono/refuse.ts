import { type EndpointAnswer, joinExposedHeaders, writeRefusal } from '@org/zitadel-auth/adapter'
import type { Context } from 'hono'
import type { Refuser } from '../refuse.js'

/**
 * Returns the response for an `AuthorizationError`, in an `app.onError` of your own.
 *
 * @param auth - from `createZitadelAuth`
 * @param error - what was thrown
 * @param c - Hono's context, whose headers the response keeps
 * @returns the response that the middleware would send, or undefined for every other error
 *
 * @example
 * ```ts
 * import { refuse } from '@org/zitadel-auth-fetch/hono'
 * import { Hono } from 'hono'
 *
 * const api = new Hono()
 * api.onError((error, c) => refuse(auth, error, c) ?? c.json({ message: 'internal error' }, 500))
 * ```
 */
export function refuse(auth: Refuser, error: unknown, c: Context): Response | undefined {
  const refusal = auth.refusal(error)
  return refusal === undefined ? undefined : toResponse(refusal, c)
}

/** Answers in the place of whatever comes later, and of what somebody may have answered already. */
export function respond(auth: Refuser, error: unknown, c: Context): Response {
  const refusal = auth.refusal(error)
  if (refusal === undefined) throw error
  return write(refusal, c)
}

/** Puts an answer in the place of any other, be it a refusal or that of an endpoint. */
export function write(answer: EndpointAnswer, c: Context): Response {
  writeRefusal(() => {
    c.res = toResponse(answer, c)
  })
  return c.res
}

/** What describes the body of an answer that somebody has made before. */
const describing = ['Content-Encoding', 'ETag', 'Last-Modified']

/**
 * Makes the answer that takes the place of any other. The headers that are set already are kept, those of CORS middleware among
 * them, but for those of this one, which win.
 */
export function toResponse({ body, status, headers }: EndpointAnswer, c: Context): Response {
  const joined = { ...joinExposedHeaders(headers, (name) => c.res.headers.get(name)) }
  const response = c.body((status === 204 ? null : body) as string, status as 200, joined)
  for (const name of describing) response.headers.delete(name)
  // Hono lets the headers of the answer that it has win over those of a new one, and takes no new one from a middleware at all
  // where it has one that counts as final.
  c.res = undefined
  return response
}
