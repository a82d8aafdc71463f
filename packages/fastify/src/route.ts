import type { Requirement } from '@org/zitadel-auth'
import type { RouteOptions } from 'fastify'
import type { RegisteredRole } from './types.js'

/** What a route asks for in its `config`: `true` for a good token, `'optional'`, or a requirement. */
export type RouteAuthorization<Role extends string = string> = true | 'optional' | Requirement<Role>

/** What is read of a route: of its options when it is defined, and of `request.routeOptions` when a request comes. */
type Route = { readonly [Member in 'method' | 'url' | 'config']?: RouteOptions[Member] | undefined }

/**
 * Reads what a route asks for.
 *
 * @param route - the options of the route
 * @param name - the member of its `config`
 * @returns undefined when the route does not mention authorization
 * @throws {TypeError} when it mentions it and says nothing, such as `{ authorization: undefined }`
 */
export function readRouteAuthorization(route: Route, name: string): RouteAuthorization<RegisteredRole> | undefined {
  const config: object = route.config ?? {}
  if (!(name in config)) return undefined
  // Fastify copies the members that a config has itself: an inherited one would be gone when a request comes.
  const value: unknown = Object.hasOwn(config, name) ? (config as Record<string, unknown>)[name] : undefined
  if (value === true || value === 'optional' || (typeof value === 'object' && value !== null)) {
    return value as RouteAuthorization<RegisteredRole>
  }
  throw new TypeError(
    `config.${name} of ${route.method} ${route.url} is true, 'optional' or a requirement, and not inherited: leave it away for a public route`,
  )
}
