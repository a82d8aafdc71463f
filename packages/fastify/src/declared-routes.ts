import type { ZitadelAuth } from '@org/zitadel-auth'
import { createDeclaredGuard, type Declaration } from '@org/zitadel-auth/adapter'
import type { RouteOptions } from 'fastify'
import type { RegisteredRole } from './application-types.js'
import { type AuthorizationHook, createHook, type HookOptions, type RequirementRequest } from './hook.js'

/**
 * What a route needs, in its `config.authorization`: `'public'`, `'optional'`, `true`, a requirement, a function of the
 * request that returns one, or `{ optional: requirement }`. A route without it needs a valid token.
 *
 * @typeParam Role - the names of the roles. Default: those of {@link ApplicationTypes}
 */
export type RouteAuthorization<Role extends string = RegisteredRole> = Declaration<RequirementRequest, Role>

/** What is read of a route: of its options when it is defined, and of `request.routeOptions` when a request comes. */
type Route = { readonly [Member in 'method' | 'url' | 'config']?: RouteOptions[Member] | undefined }

/** Finds the hook of a route; undefined for a public one. */
export type FindHook = (route: Route) => AuthorizationHook | undefined

interface DeclaredRoutesOptions extends HookOptions {
  readonly name: string
  /** What a route that says nothing asks for. */
  readonly undeclared: true | 'public'
}

/**
 * Makes the function that finds the hook for what a route declares. Each declaration is read once, and a request pays a
 * lookup: a route is read again with each request, since other hooks may have changed it.
 *
 * @returns a function that throws a TypeError when a route declares something that can't be understood
 */
export function createFindHook(auth: ZitadelAuth, { name, undeclared, ...options }: DeclaredRoutesOptions): FindHook {
  const hooks = createMemo((declaration) => toHook(declaration))

  function toHook(declaration: unknown): AuthorizationHook | 'public' {
    const guard = createDeclaredGuard<RequirementRequest>(auth, declaration)
    return guard === 'public' ? guard : createHook(auth, guard, { ...options, name })
  }

  return (route) => {
    const declared = readDeclaration(route, name)
    const declaration = declared === undefined ? undeclared : declared
    const hook = read(route, () => hooks(declaration))
    return hook === 'public' ? undefined : hook
  }

  function read<Result>(route: Route, reading: () => Result): Result {
    try {
      return reading()
    } catch (error) {
      throw new TypeError(`config.${name} of ${route.method} ${route.url}: ${(error as Error).message}`, {
        cause: error,
      })
    }
  }
}

/** Remembers what is made of a declaration: of an object as long as it lives, since a hook may make new ones. */
function createMemo<Result>(make: (declaration: unknown) => Result): (declaration: unknown) => Result {
  const ofObjects = new WeakMap<object, Result>()
  const ofWords = new Map<unknown, Result>()
  return (declaration) => {
    const made = Object(declaration) === declaration ? ofObjects : ofWords
    const known = made.get(declaration as object)
    if (known !== undefined) return known
    const result = make(declaration)
    made.set(declaration as object, result)
    return result
  }
}

/**
 * Gives what a route declares.
 *
 * @returns undefined when it does not mention authorization
 * @throws `TypeError`: when it mentions it and says nothing, such as `{ authorization: undefined }`
 */
function readDeclaration(route: Route, name: string): unknown {
  const config: object = route.config ?? {}
  if (!(name in config)) return undefined
  // Fastify copies the members that a config has itself: an inherited one would be gone when a request comes.
  const value: unknown = Object.hasOwn(config, name) ? (config as Record<string, unknown>)[name] : undefined
  if (value !== undefined) return value
  throw new TypeError(
    `config.${name} of ${route.method} ${route.url} is undefined, or inherited: leave it away where a good token is enough`,
  )
}
