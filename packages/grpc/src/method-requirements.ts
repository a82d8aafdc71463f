import type { Requirement } from '@org/zitadel-auth'

/**
 * What a method asks for: nothing (`'public'`), a good token (`true`), a requirement, or a good token that may be missing
 * (`{ optional: true }`, or a requirement in the place of `true`).
 */
export type MethodRequirement<Role extends string = string> =
  | 'public'
  | true
  | Requirement<Role>
  | { readonly optional: true | Requirement<Role> }

/** The full name of a method, as on the wire: `/package.Service/Method`. */
export type FullMethodName = `/${string}/${string}`

/** The names of a service's methods, as its definition has them. */
export type MethodName<Service extends object> = keyof {
  [Name in keyof Service as string extends Name ? never : Name]: true
} &
  string

/** The full names of a service's methods, where its definition knows them as literals. */
export type MethodPath<Service extends object> = {
  [Name in MethodName<Service>]: Service[Name] extends { readonly path: infer Path extends string }
    ? string extends Path
      ? never
      : Path
    : never
}[MethodName<Service>]

type RequirementOfEach<Name extends string, Role extends string> = [Name] extends [never]
  ? never
  : { readonly [Key in Name]: MethodRequirement<Role> }

/**
 * What the methods of a service ask for: `'public'` or `true` for all of them, or a requirement for each, by name or by
 * full name. A method that the service does not have, or one that is left out, is a compile error.
 */
export type ServiceRequirements<Service extends object, Role extends string = string> =
  | 'public'
  | true
  | ([MethodName<Service>] extends [never]
      ? Readonly<Record<string, MethodRequirement<Role>>>
      : RequirementOfEach<MethodName<Service>, Role>)
  | RequirementOfEach<MethodPath<Service>, Role>

/** What the methods of a server ask for. */
export interface MethodRequirements<
  Services extends readonly object[] = readonly object[],
  Role extends string = string,
> {
  /** Pairs of a generated service definition and what its methods ask for. */
  readonly services?: {
    readonly [Index in keyof Services]: readonly [Services[Index], ServiceRequirements<Services[Index], Role>]
  }
  /** What methods without a definition at hand ask for, such as those of server reflection. */
  readonly methods?: { readonly [name: FullMethodName]: MethodRequirement<Role> }
}
