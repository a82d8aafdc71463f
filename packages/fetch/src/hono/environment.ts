import type { AuthorizationContext } from '@org/zitadel-auth'
import type { Context } from 'hono'

/**
 * The variables behind `requireAuthorization`, for applications and handlers whose routes the compiler can't see:
 * `new Hono<AuthorizedEnv>()`, `(c: Context<AuthorizedEnv>) => …`.
 *
 * @typeParam Role - the names of the roles, where they are declared
 */
export interface AuthorizedEnv<Role extends string = string> {
  /** What `c.var` has. */
  Variables: {
    /** Who makes the request. */
    authorization: AuthorizationContext<Role>
  }
}

/**
 * The variables behind `optionalAuthorization`, likewise.
 *
 * @typeParam Role - the names of the roles, where they are declared
 */
export interface OptionallyAuthorizedEnv<Role extends string = string> {
  /** What `c.var` has. */
  Variables: {
    /** Who makes the request; undefined for an anonymous one. */
    authorization: AuthorizationContext<Role> | undefined
  }
}

/** What a requirement may be a function of: Hono's context, wherever the middleware stands. */
export type RequirementContext = {
  /** The request. */
  readonly req: {
    /** Gives a parameter of the path. It is checked where the requirement is read. */
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
