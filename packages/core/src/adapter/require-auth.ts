/**
 * Finds at start-up what is no ZitadelAuth, for those who write an adapter.
 *
 * @param auth - what the application gave
 * @param functions - those that it must have. Default: what a guard needs
 * @throws {TypeError} when it lacks one of them
 */
export function requireAuth(
  auth: unknown,
  functions: readonly string[] = ['authenticate', 'authenticateOptional', 'readRequirement', 'refusal'],
): void {
  const members = Object(auth) as Readonly<Record<string, unknown>>
  if (functions.every((name) => typeof members[name] === 'function')) return
  throw new TypeError('the first argument is not a ZitadelAuth: give what createZitadelAuth returns')
}
