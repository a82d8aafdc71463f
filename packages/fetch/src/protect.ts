import type { AuthorizationContext, AuthTypes, RequestRequirement, RoleOf, ZitadelAuth } from '@org/zitadel-auth'
import { createGuard } from '@org/zitadel-auth/adapter'
import { decide } from './gate.js'
import { isLifetime } from './outlive.js'
import { respond } from './refuse.js'

/**
 * Puts a gate before the handler of a route: the `GET` of Next.js, the `fetch` of a worker, of Bun or of Deno.
 *
 * ```ts
 * export const GET = protect(auth, { role: 'admin' }, (request, authorization) => Response.json(authorization.userId))
 *
 * export default { fetch: protect(auth, true, (request, { userId }, env, ctx) => new Response(userId)) }
 * ```
 *
 * What comes after the request reaches the handler after the authorization. Where the last of it has a `waitUntil`, as the `ctx`
 * of a worker has, a question to ZITADEL goes on when the request ends.
 *
 * @param auth - from `createZitadelAuth`
 * @param requirement - `true` for a good token, an object, or a function of the request
 * @param handler - answers those who pass. An `AuthorizationError` that it throws, as `authorize(request, requirement)` does, is
 * answered like that of a gate; every other error of it goes on
 * @returns a handler for any request
 * @throws {TypeError} at start-up, when the requirement is missing, empty, malformed or one that no token can meet, or the
 * handler is no function
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
