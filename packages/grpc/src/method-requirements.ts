import type { Metadata } from '@grpc/grpc-js'
import type { Declaration } from '@org/zitadel-auth/adapter'

/**
 * What a requirement may be a function of: what is known of a call before its first message.
 *
 * @group Types for the compiler
 */
export interface RequirementRequest {
  /** The full name of the method: `/package.Service/Method`. */
  readonly path: string
  /** The metadata that came with the call. */
  readonly metadata: Metadata
}

/**
 * What a method needs: nothing (`'public'`), a requirement (`true` for a valid token, an object, or a function of the
 * call), or optional credentials (`'optional'`, or `{ optional: requirement }`).
 *
 * @typeParam Role - the names of the roles, if they are declared
 */
export type MethodRequirement<Role extends string = string> = Declaration<RequirementRequest, Role>

/**
 * The full name of a method: `/package.Service/Method`.
 *
 * @group Types for the compiler
 */
export type FullMethodName = `/${string}/${string}`

/**
 * The names of a service's methods, as in its definition.
 *
 * @group Types for the compiler
 */
export type MethodName<Service extends object> = keyof {
  [Name in keyof Service as string extends Name ? never : Name]: true
} &
  string

/**
 * The full names of a service's methods, if its definition has them as literals.
 *
 * @group Types for the compiler
 */
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
 * What the methods of a service need: `'public'`, `'optional'` or `true` for all of them, or a requirement for each, by
 * name or by full name. An unknown method, or one that is left out, is a compile error.
 *
 * @typeParam Service - the type of the service definition
 * @typeParam Role - the names of the roles, if they are declared
 */
export type ServiceRequirements<Service extends object, Role extends string = string> =
  | 'public'
  | 'optional'
  | true
  | ([MethodName<Service>] extends [never]
      ? Readonly<Record<string, MethodRequirement<Role>>>
      : RequirementOfEach<MethodName<Service>, Role>)
  | RequirementOfEach<MethodPath<Service>, Role>

/**
 * What the methods of a server need.
 *
 * @typeParam Services - the types of the service definitions
 * @typeParam Role - the names of the roles, if they are declared
 */
export interface MethodRequirements<
  Services extends readonly object[] = readonly object[],
  Role extends string = string,
> {
  /** Pairs of a generated service definition and what its methods need. */
  readonly services?: {
    readonly [Index in keyof Services]: readonly [Services[Index], ServiceRequirements<Services[Index], Role>]
  }
  /** What methods without a definition need, such as those of server reflection, by full name. */
  readonly methods?: { readonly [name: FullMethodName]: MethodRequirement<Role> }
}
