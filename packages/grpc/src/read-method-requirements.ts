import type { ZitadelAuth } from '@org/zitadel-auth'
import { createDeclaredGuard, type Guard } from '@org/zitadel-auth/adapter'
import type { MethodRequirements, RequirementRequest } from './method-requirements.js'

/** What stands before a method, or that nothing does. */
type MethodGuard = Guard<RequirementRequest> | 'public'

/**
 * Reads what every method asks for: full name -> guard.
 *
 * @throws `TypeError`: when a method is not one of its service, is left out, is declared twice, or asks for nothing that can
 * be understood
 */
export function readMethodRequirements(
  auth: ZitadelAuth,
  { services = [], methods = {}, ...rest }: MethodRequirements = {},
): ReadonlyMap<string, MethodGuard> {
  requireLists(services)
  const [misspelt] = Object.keys(rest)
  if (misspelt !== undefined) throw new TypeError(`unknown member "${misspelt}": known are services, methods`)
  const ofServices = services.flatMap(([service, requirements]) => listMethods(service, requirements))
  const declared: readonly (readonly [string, unknown])[] = [...ofServices, ...Object.entries(methods)]
  const guards = new Map<string, MethodGuard>()
  for (const [path, requirement] of declared) {
    if (!/^\/[^/]+\/[^/]+$/.test(path))
      throw new TypeError(`${path} is not a full method name: /package.Service/Method`)
    if (guards.has(path)) throw new TypeError(`${path} is declared twice`)
    guards.set(path, readMethodRequirement(auth, path, requirement))
  }
  if (guards.size === 0) throw new TypeError('no method is declared: give services or methods')
  return guards
}

function listMethods(service: object, requirements: unknown): readonly (readonly [string, unknown])[] {
  const methods = Object.entries(service).map(([name, method]) => ({ name, path: readPath(name, method) }))
  if (requirements === 'public' || requirements === 'optional' || requirements === true) {
    return methods.map(({ path }) => [path, requirements])
  }
  if (typeof requirements !== 'object' || requirements === null) {
    throw new TypeError(
      "the requirements of a service are 'public', 'optional', true, or one requirement for each of its methods",
    )
  }
  const given = new Map<string, unknown>(Object.entries(requirements))
  const known = new Set(methods.flatMap(({ name, path }) => [name, path]))
  const unknown = [...given.keys()].filter((name) => !known.has(name))
  if (unknown.length > 0) throw new TypeError(`the service has no method ${unknown.join(', ')}`)
  return methods.flatMap(({ name, path }) => {
    const keys = [name, path].filter((key) => given.has(key))
    if (keys.length === 0) throw new TypeError(`no requirement for ${path}: every method of a service needs one`)
    return keys.map((key) => [path, given.get(key)] as const)
  })
}

function readPath(name: string, method: unknown): string {
  const path = (method as { readonly path?: unknown } | null | undefined)?.path
  if (typeof path !== 'string') throw new TypeError(`"${name}" has no path: is this a service definition?`)
  return path
}

function readMethodRequirement(auth: ZitadelAuth, path: string, value: unknown): MethodGuard {
  try {
    return createDeclaredGuard(auth, value)
  } catch (cause) {
    throw new TypeError(`${path}: ${(cause as Error).message}`, { cause })
  }
}

/** A service alone is what one gives first. */
function requireLists(services: unknown): void {
  if (Array.isArray(services) && services.every((pair) => Array.isArray(pair) && pair.length === 2)) return
  throw new TypeError(
    'services is a list of pairs: [[TasksService, { listTasks: true }]], a service and what its methods ask for',
  )
}
