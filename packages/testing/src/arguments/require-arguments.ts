import type { Instance } from '../instance/instance.js'
import { type CallName, describeParameters, type Functions, type ParametersOf } from './parameters.js'
import type { Rule } from './rule.js'

/** They say what is wrong as they say everything else: by their promise. */
const asynchronous: ReadonlySet<string> = new Set<CallName>(['sendEvent', 'sendLogoutToken', 'writeKeyFile'])

/**
 * Makes functions refuse what they would read over: a member that is misspelled or of the wrong type, and a thing of
 * another instance. Tests would pass for nothing.
 */
export function requireArguments<T extends Functions>(instance: Instance, functions: T): T {
  const parameters = Object.entries<ParametersOf<CallName>[CallName]>(describeParameters(instance))
  const checked = parameters.map(([name, rules]) => [name, check(name, functions[name as CallName], rules)])
  return { ...functions, ...Object.fromEntries(checked) }
}

type Call = (...given: never[]) => unknown

function check(name: string, call: Call, rules: Readonly<Record<string, Rule>>): Call {
  const run = (...given: never[]) => {
    readArguments(name, rules, given)
    return call(...given)
  }
  return asynchronous.has(name) ? async (...given) => run(...given) : run
}

/**
 * Reads what a function was given.
 *
 * @throws `TypeError`: naming the function, the member and what is known.
 */
export function readArguments(call: string, rules: Readonly<Record<string, Rule>>, given: readonly unknown[]): void {
  for (const [index, [member, rule]] of Object.entries(rules).entries()) rule(given[index], { call, member })
}
