import { requireNoneUnset } from '../internal/read-option.js'

/**
 * Reads which scopes a token is asked for with: `openid`, without which ZITADEL gives less, the audience of each project, and those that
 * are given.
 *
 * @throws `TypeError`: when one is empty, has spaces, or is no text
 */
export function readScopes(options: {
  readonly projects?: readonly string[]
  readonly scopes?: readonly string[]
}): readonly string[] {
  // A project that got lost would be an API that takes the token for inactive.
  requireNoneUnset(options, ['projects', 'scopes'])
  const { projects = [], scopes = [] } = options
  const audiences = readNames(projects, 'projects').map((id) => `urn:zitadel:iam:org:project:id:${id}:aud`)
  return [...new Set(['openid', ...audiences, ...readNames(scopes, 'scopes')])]
}

/** Reads a list of ids or scopes. */
export function readNames(given: unknown, name: string): readonly string[] {
  const values: readonly unknown[] = Array.isArray(given) ? Array.from(given) : [undefined]
  if (values.every((value) => typeof value === 'string' && /^\S+$/.test(value))) return values as readonly string[]
  throw new TypeError(`${name} is a list of texts that are not empty and have no spaces`)
}
