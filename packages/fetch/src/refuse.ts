import type { ZitadelAuth } from '@org/zitadel-auth'

/** What answers refusals. */
export type Refuser = Pick<ZitadelAuth, 'refusal'>

/**
 * Gives the answer to an `AuthorizationError`, for frameworks that hand their errors to a function of the application.
 *
 * ```ts
 * onError: (error) => refuse(auth, error) ?? new Response('internal error', { status: 500 })
 * ```
 *
 * @param auth - from `createZitadelAuth`
 * @param error - what was thrown
 * @returns the answer that a gate would give, or undefined for every other error: that one is not about authorization
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
