import type { Administration } from '../administration/administration.js'
import type { KeyFiles } from '../administration/key-files.js'
import type { Faults } from '../control/faults.js'
import type { Holds } from '../control/holds.js'
import type { Instance } from '../instance/instance.js'
import { administrationParameters } from './administration-parameters.js'
import { controlParameters } from './control-parameters.js'
import type { Rule } from './rule.js'
import { createThingRules } from './things.js'
import { tokenParameters } from './token-parameters.js'

/** The functions of a local ZITADEL, by what they are for. */
export type Functions = Omit<Administration, 'organization'> &
  Pick<KeyFiles, 'writeKeyFile'> &
  Pick<Faults, 'fail' | 'recover'> &
  Pick<Holds, 'hold'>

type NamesWithParameters<T> = {
  [Name in keyof T]: T[Name] extends (...given: infer Given) => unknown ? (Given extends [] ? never : Name) : never
}[keyof T]

/** The functions that take something. */
export type CallName = NamesWithParameters<Functions>

/** The parameters of a call in their order, by name. */
export type ParametersOf<Name extends CallName> = Readonly<Record<Name, Readonly<Record<string, Rule>>>>

/** What every function takes. The compiler asks for each of them. */
export function describeParameters(instance: Instance): ParametersOf<CallName> {
  const things = createThingRules(instance)
  return { ...administrationParameters(things), ...tokenParameters(things), ...controlParameters }
}
