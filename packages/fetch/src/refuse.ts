import type { ZitadelAuth } from '@org/zitadel-auth'

/** What answers refusals. */
export type Refuser = Pick<ZitadelAuth, 'refusal'>

/**
 * Returns the response for an `AuthorizationError`, for frameworks that pass their errors to a function of the
 * application.
 *
 * @param auth - from `createZitadelAuth`
 * @param error - what was thrown
 * @returns the response that a gate would return, or undefined for every other error
 *
 * @example
 * ```ts
 * import { refuse } from '@org/zitadel-auth-fetch'
 *
 * export function onError(error: unknown): Response {
 *   return refuse(auth, error) ?? new Response('internal error', { status: 500 })
 * }
 * ```
 */
export function refuse(auth: Refuser, error: unknown): Response | undefined {
  return auth.refusal(error)?.toResponse()
}

/** The same for a request, or throws what is no refusal. An answer to HEAD has the headers of one to GET, and no body. */
export function respond(auth: Refuser, error: unknown, { method }: Pick<Request, 'method'>): Response {
  const refusal = auth.refusal(error)
  if (refusal === undefined) throw error
  return method === 'HEAD' ? new Response(null, refusal) : refusal.toResponse()
}
