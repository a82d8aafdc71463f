import type { AuthorizationContext, AuthTypes, RequestRequirement, RoleOf, ZitadelAuth } from '@org/zitadel-auth'
import { createGuard } from '@org/zitadel-auth/adapter'
import { decide } from './gate.js'
import { isLifetime } from './outlive.js'
import { respond } from './refuse.js'

/**
 * Protects the handler of a route: the `GET` of Next.js, the `fetch` of a worker, of Bun or of Deno.
 *
 * Further arguments, such as `env` and `ctx`, are passed to the handler after the authorization. If the last one has a
 * `waitUntil`, as the `ctx` of a worker has, a request to ZITADEL goes on when the request ends.
 *
 * @param auth - from `createZitadelAuth`
 * @param requirement - `true` for a valid token, an object, or a function of the request
 * @param handler - responds to allowed requests. An `AuthorizationError` that it throws, such as that of
 * `authorize(request, requirement)`, becomes the error response; every other error goes on
 * @returns a handler for any request
 * @throws `TypeError`: at startup, when the requirement is missing, empty or malformed, when no token can meet it, or
 * when `auth` is not a ZitadelAuth or the handler is not a function
 *
 * @example
 * ```ts
 * import { protect } from '@org/zitadel-auth-fetch'
 *
 * // Next.js
 * export const GET = protect(auth, { role: 'admin' }, (_request, authorization) => Response.json(authorization.userId))
 *
 * // a worker
 * export default { fetch: protect(auth, true, (_request, { userId }, _env: object, _ctx: object) => new Response(userId)) }
 * ```
 */
export function protect<
  Types extends AuthTypes,
  Incoming extends Request = Request,
  Rest extends readonly unknown[] = [],
>(
  auth: ZitadelAuth<Types>,
  requirement: RequestRequirement<Incoming, RoleOf<Types>>,
  handler: (
    request: Incoming,
    authorization: AuthorizationContext<RoleOf<Types>>,
    ...rest: Rest
  ) => Response | Promise<Response>,
): (request: Incoming, ...rest: Rest) => Promise<Response> {
  const guard = createGuard<Incoming, Types>(auth, 'required', [requirement])
  if (typeof handler !== 'function') throw new TypeError('protect takes a handler: protect(auth, requirement, handler)')
  return async (request, ...rest) => {
    const last = rest.at(-1)
    try {
      const authorization = await decide(guard, request, isLifetime(last) ? last : undefined)
      return await handler(request, authorization as AuthorizationContext<RoleOf<Types>>, ...rest)
    } catch (error) {
      return respond(auth, error, request)
    }
  }
}
