import { type Requirement, readRequirement } from './requirement.js'

/**
 * What a request needs: `true` for a valid token, or a {@link Requirement}.
 *
 * @typeParam Role - the names of the roles, if they are declared
 */
export type RequirementChoice<Role extends string = string> = true | Requirement<Role>

/**
 * A requirement, or a function of the framework's request that returns one, for what depends on the request, such as
 * the organization in its path. The function is called after the token was verified, and its result is checked: if it
 * is `undefined`, the request fails and is not allowed.
 *
 * @typeParam Request - the framework's request
 * @typeParam Role - the names of the roles, if they are declared
 */
export type RequestRequirement<Request, Role extends string = string> =
  | RequirementChoice<Role>
  | ((request: Request) => RequirementChoice<Role> | Promise<RequirementChoice<Role>>)

/**
 * A requirement, or a function that returns one, where there is no framework.
 *
 * @typeParam Role - the names of the roles, if they are declared
 */
export type LazyRequirement<Role extends string = string> =
  | RequirementChoice<Role>
  | (() => RequirementChoice<Role> | Promise<RequirementChoice<Role>>)

/** Gives what a choice asks for beyond a good token: nothing, where it is `true`, which has no members. */
export function toRequirement(choice: RequirementChoice): Requirement {
  return Object(choice) as Requirement
}

/** Checks a requirement, as `readRequirement` does, or passes `true` on. */
export function readRequirementChoice<Role extends string>(choice: RequirementChoice<Role>): RequirementChoice<Role> {
  return choice === true ? true : readRequirement(choice)
}
