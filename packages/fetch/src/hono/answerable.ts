import type { Context } from 'hono'
import type { Refuser } from '../refuse.js'
import { toResponse } from './refuse.js'

// A registered symbol, for the copies of this package.
const key = Symbol.for('@org/zitadel-auth-fetch/refuser')

/** Remembers what answers refusals of a request. */
export function setRefuser(c: object, auth: Refuser): void {
  Object.defineProperty(c, key, { value: auth, configurable: true })
}

/**
 * Gives a refusal, and any other error, to throw. Hono answers an error that has a `getResponse` by it, as it does its own
 * `HTTPException`.
 */
export function toAnswerable(c: object, error: unknown): unknown {
  const refusal = (c as { readonly [key]?: Refuser })[key]?.refusal(error)
  if (refusal === undefined) return error
  const getResponse = (): Response => toResponse(refusal, c as Context)
  return Object.defineProperty(error as object, 'getResponse', { value: getResponse, configurable: true })
}
