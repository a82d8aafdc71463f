import type { AuthorizationContext } from '@org/zitadel-auth'
import type { Context } from 'hono'

/**
 * The environment behind `requireAuthorization`, for applications and handlers whose route the compiler cannot see:
 * `new Hono<AuthorizedEnv>()`, `(c: Context<AuthorizedEnv>) => …`.
 *
 * @typeParam Role - the names of the roles, if they are declared
 */
export interface AuthorizedEnv<Role extends string = string> {
  /** The variables in `c.var`. */
  Variables: {
    /** Who makes the request. */
    authorization: AuthorizationContext<Role>
  }
}

/**
 * The environment behind `optionalAuthorization`, for applications and handlers whose route the compiler cannot see.
 *
 * @typeParam Role - the names of the roles, if they are declared
 */
export interface OptionallyAuthorizedEnv<Role extends string = string> {
  /** The variables in `c.var`. */
  Variables: {
    /** Who makes the request; undefined for an anonymous one. */
    authorization: AuthorizationContext<Role> | undefined
  }
}

/**
 * What a requirement may be a function of: Hono's context.
 *
 * @group Types for the compiler
 */
export type RequirementContext = {
  /** The request. */
  readonly req: {
    /**
     * Returns a parameter of the path. It may have any type, since the requirement that the function returns is
     * checked.
     */
    // biome-ignore lint/suspicious/noExplicitAny: a middleware does not know the paths of the routes that it stands on
    param(name: string): any
  }
} & Context

/** A context whose variables have an authorization. */
export interface AuthorizedContext<Role extends string> {
  readonly var: { readonly authorization: AuthorizationContext<Role> }
}

/** A context whose variables may have one. */
export interface OptionallyAuthorizedContext<Role extends string> {
  readonly var: { readonly authorization: AuthorizationContext<Role> | undefined }
}
