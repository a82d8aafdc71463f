import type { Metadata } from '@grpc/grpc-js'
import type { Declaration } from '@org/zitadel-auth/adapter'

/** What a requirement may be a function of: what is known of a call before its first message. */
export interface RequirementRequest {
  /** The full name of the method: `/package.Service/Method`. */
  readonly path: string
  /** What came with the call. */
  readonly metadata: Metadata
}

/**
 * What a method asks for: nothing (`'public'`), a requirement (`true` for a good token, an object, or a function of the call),
 * or credentials that may be missing (`'optional'`, or `{ optional: requirement }`).
 */
export type MethodRequirement<Role extends string = string> = Declaration<RequirementRequest, Role>

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
 * What the methods of a service ask for: `'public'`, `'optional'` or `true` for all of them, or a requirement for each, by name or by
 * full name. A method that the service does not have, or one that is left out, is a compile error.
 */
export type ServiceRequirements<Service extends object, Role extends string = string> =
  | 'public'
  | 'optional'
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
