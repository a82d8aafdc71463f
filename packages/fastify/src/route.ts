import type { Requirement } from '@org/zitadel-auth'
import type { RouteOptions } from 'fastify'

/** What a route asks for in its `config`: `true` for a good token, `'optional'`, or a requirement. */
export type RouteAuthorization<Role extends string = string> = true | 'optional' | Requirement<Role>

/**
 * Reads what a route asks for.
 *
 * @param route - the options of the route
 * @param name - the member of its `config`
 * @returns undefined when the route does not mention authorization
 * @throws {TypeError} when it mentions it and says nothing, such as `{ authorization: undefined }`
 */
export function readRouteAuthorization(route: RouteOptions, name: string): RouteAuthorization | undefined {
  const config: object = route.config ?? {}
  if (!Object.hasOwn(config, name)) return undefined
  const value: unknown = (config as Record<string, unknown>)[name]
  if (value === true || value === 'optional' || (typeof value === 'object' && value !== null)) {
    return value as RouteAuthorization
  }
  throw new TypeError(
    `config.${name} of ${route.method} ${route.url} is true, 'optional' or a requirement: leave it away for a public route`,
  )
}
