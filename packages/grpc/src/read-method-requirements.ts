import type { AuthorizationContext, AuthorizationHeader, Requirement, ZitadelAuth } from '@org/zitadel-auth'
import type { MethodRequirements } from './method-requirements.js'

/** Gives the context of a call, undefined for an anonymous one, or refuses it. */
export type Admit = (header: AuthorizationHeader) => Promise<AuthorizationContext | undefined>

type Auth = Pick<ZitadelAuth, 'authenticate' | 'authenticateOptional' | 'readRequirement'>

/**
 * Reads what every method asks for: full name -> admission.
 *
 * @throws {TypeError} when a method is not one of its service, is left out, is declared twice, or asks for nothing that can
 * be understood
 */
export function readMethodRequirements(
  auth: Auth,
  { services = [], methods = {}, ...rest }: MethodRequirements,
): ReadonlyMap<string, Admit | 'public'> {
  const [misspelt] = Object.keys(rest)
  if (misspelt !== undefined) throw new TypeError(`unknown member "${misspelt}": known are services, methods`)
  const ofServices = services.flatMap(([service, requirements]) => listMethods(service, requirements))
  const declared: readonly (readonly [string, unknown])[] = [...ofServices, ...Object.entries(methods)]
  const admissions = new Map<string, Admit | 'public'>()
  for (const [path, requirement] of declared) {
    if (!/^\/[^/]+\/[^/]+$/.test(path))
      throw new TypeError(`${path} is not a full method name: /package.Service/Method`)
    if (admissions.has(path)) throw new TypeError(`${path} is declared twice`)
    admissions.set(path, readMethodRequirement(auth, path, requirement))
  }
  if (admissions.size === 0) throw new TypeError('no method is declared: give services or methods')
  return admissions
}

function listMethods(service: object, requirements: unknown): readonly (readonly [string, unknown])[] {
  const methods = Object.entries(service).map(([name, method]) => ({ name, path: readPath(name, method) }))
  if (requirements === 'public' || requirements === true) return methods.map(({ path }) => [path, requirements])
  if (typeof requirements !== 'object' || requirements === null) {
    throw new TypeError("the requirements of a service are 'public', true, or one requirement for each of its methods")
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

function readMethodRequirement(auth: Auth, path: string, value: unknown): Admit | 'public' {
  try {
    return toAdmission(auth, value)
  } catch (cause) {
    throw new TypeError(`${path}: ${(cause as Error).message}`, { cause })
  }
}

function toAdmission(auth: Auth, value: unknown): Admit | 'public' {
  if (value === 'public') return 'public'
  if (value === true) return (header) => auth.authenticate(header)
  if (typeof value !== 'object' || value === null) {
    throw new TypeError("a method asks for 'public', true, a requirement, or { optional: true or a requirement }")
  }
  if (!Object.hasOwn(value, 'optional')) {
    const requirement = auth.readRequirement(value)
    return (header) => auth.authenticate(header, requirement)
  }
  const { optional, ...rest } = value as { readonly optional: true | Requirement }
  if (Object.keys(rest).length > 0) throw new TypeError('a requirement that is optional stands inside { optional: … }')
  if (optional === true) return (header) => auth.authenticateOptional(header)
  const requirement = auth.readRequirement(optional)
  return (header) => auth.authenticateOptional(header, requirement)
}
