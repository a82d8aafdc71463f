/** Where a value was given: a member, or a parameter, of a call. */
export interface Place {
  /** The name of the function. */
  readonly call: string
  /** The name of the parameter or the member. */
  readonly member: string
}

/** Throws a TypeError, which names the place, for a value that is not what the place takes. */
export type Rule = (value: unknown, place: Place) => void

/** Takes what a test holds for; `expected` goes on from "takes". */
export function createRule(expected: string, isMet: (value: unknown) => boolean): Rule {
  return (value, { call, member }) => {
    if (!isMet(value)) throw new TypeError(`${call} takes ${expected} as "${member}"`)
  }
}

/** Takes nothing too. */
export function optional(rule: Rule): Rule {
  return (value, place) => {
    if (value !== undefined) rule(value, place)
  }
}

/** Takes what meets all of them. */
export function all(...rules: readonly Rule[]): Rule {
  return (value, place) => {
    for (const rule of rules) rule(value, place)
  }
}

type MembersOf<T> = T extends unknown ? keyof T : never

/** Takes an object of these members and no others. The compiler asks for a rule for each. */
export function members<T extends object>(rules: Readonly<Record<MembersOf<T>, Rule>>): Rule {
  const known = Object.keys(rules)
  return all(options, (value, { call }) => {
    const given = value as Readonly<Record<string, unknown>>
    const unknown = Object.keys(given).find((name) => !known.includes(name))
    if (unknown !== undefined) throw new TypeError(`${call} has no option "${unknown}": ${describeKnown(known)}`)
    for (const [member, rule] of Object.entries<Rule>(rules)) rule(given[member], { call, member })
  })
}

/** A Date or a list has no members of its own, and would pass for an object without options. */
const options = createRule('a plain object', isPlainObject)

/** Whether it is an object as a literal makes it, in whatever realm. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

function describeKnown(names: readonly string[]): string {
  return `${listWords(names, 'and')} ${names.length === 1 ? 'is' : 'are'} known`
}

/** `a, b and c`. */
export function listWords(words: readonly string[], conjunction: 'and' | 'or'): string {
  const last = words.slice(-1)
  const before = words.slice(0, -1).join(', ')
  return [before, ...last].filter((part) => part !== '').join(` ${conjunction} `)
}
