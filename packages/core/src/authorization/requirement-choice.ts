import { type Requirement, readRequirement } from './requirement.js'

/**
 * What a request must bring: `true`, which every good token meets, or a {@link Requirement}.
 *
 * @typeParam Role - the names of the roles, where they are declared
 */
export type RequirementChoice<Role extends string = string> = true | Requirement<Role>

/**
 * A requirement, or a function of the framework's request that gives one: for what depends on the request, such as the
 * organization in its path. It is called once the token is known to be good, and what it gives is checked like any other:
 * `undefined` makes the request fail, and lets nobody pass.
 *
 * @typeParam Request - the framework's request
 * @typeParam Role - the names of the roles, where they are declared
 */
export type RequestRequirement<Request, Role extends string = string> =
  | RequirementChoice<Role>
  | ((request: Request) => RequirementChoice<Role> | Promise<RequirementChoice<Role>>)

/** The same, where there is no framework: a function that gives a requirement. */
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
