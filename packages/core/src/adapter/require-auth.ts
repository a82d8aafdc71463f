/**
 * Checks that a value is a ZitadelAuth, at startup rather than at the first request.
 *
 * @param auth - what the application gave
 * @param functions - the functions that it must have. Default: those that a guard needs
 * @throws `TypeError`: when one of them is missing
 *
 * @example
 * ```ts
 * import type { ZitadelAuth } from '@org/zitadel-auth'
 * import { requireAuth } from '@org/zitadel-auth/adapter'
 *
 * export function createMyErrorHandler(auth: ZitadelAuth) {
 *   requireAuth(auth, ['refusal'])
 *   return (error: unknown) => auth.refusal(error)
 * }
 * ```
 */
export function requireAuth(
  auth: unknown,
  functions: readonly string[] = ['authenticate', 'authenticateOptional', 'readRequirement', 'refusal'],
): void {
  const members = Object(auth) as Readonly<Record<string, unknown>>
  if (functions.every((name) => typeof members[name] === 'function')) return
  throw new TypeError('the first argument is not a ZitadelAuth: give what createZitadelAuth returns')
}
