import { isJsonObject, type JsonObject } from '../internal/json.js'

/** A user group in ZITADEL. */
export interface UserGroup {
  /** The id, which requirements use. */
  readonly id: string
  /** The name, which is unique only within an organization. */
  readonly name: string
}

/** Nobody but ZITADEL writes a claim whose name begins so. The claim `groups`, with names alone, an Action may write too. */
const claim = 'urn:zitadel:iam:user:groups'

const none: readonly UserGroup[] = Object.freeze([])

/** Reads the groups of the user. What does not have the shape of a group is none. */
export function readGroups(claims: JsonObject): readonly UserGroup[] {
  const groups = claims[claim]
  if (!Array.isArray(groups)) return none
  return Object.freeze(groups.flatMap((group: unknown) => readGroup(group) ?? []))
}

function readGroup(group: unknown): UserGroup | undefined {
  if (!isJsonObject(group)) return undefined
  const { id, name } = group
  if (typeof id !== 'string' || id === '') return undefined
  return Object.freeze({ id, name: typeof name === 'string' ? name : '' })
}
