import { isAuthorizationError } from '../errors/authorization-error.js'
import { nameOptions } from './name-options.js'

/** What to do about a step, in words, and what can be pasted as it stands. */
export interface Advice {
  readonly text: string
  readonly paste?: readonly string[]
}

/** What the doctor has seen at one step. */
export interface Step {
  readonly name: string
  /** `skipped`: a step before it has failed, or what it looks at was not given. */
  readonly status: 'ok' | 'warning' | 'failed' | 'skipped'
  readonly detail: string
  readonly advice: readonly Advice[]
  /** Whether the cause is a conclusion of ours, and nobody's word. */
  readonly isInferred: boolean
}

/** A step, and what it proves for those after it; undefined where it proves nothing. */
export interface Finding<Proof> {
  readonly step: Step
  readonly proof: Proof | undefined
}

type More = Partial<Pick<Step, 'advice' | 'isInferred'>>

/** Makes the finding of a step at which all is well. */
export function passed<Proof>(name: string, detail: string, proof: Proof): Finding<Proof> {
  return { step: toStep({ name, status: 'ok', detail }), proof }
}

/** Makes the finding of a step that works, though not as one might think. */
export function warned<Proof>(name: string, detail: string, proof: Proof, more: More = {}): Finding<Proof> {
  return { step: toStep({ name, status: 'warning', detail, ...more }), proof }
}

/** Makes the finding of a step that has failed. */
export function failed(name: string, detail: string, more: More = {}): Finding<never> {
  return { step: toStep({ name, status: 'failed', detail, ...more }), proof: undefined }
}

/** Makes the finding of a step that was not taken. */
export function skipped(name: string, detail: string): Finding<never> {
  return { step: toStep({ name, status: 'skipped', detail }), proof: undefined }
}

/**
 * Makes the finding of a step that has failed with an error of this library, in the words of the log: the first sentence says
 * what is wrong, and what follows it is advice.
 */
export function failedBy(name: string, error: unknown, { advice = [], isInferred = false }: More = {}): Finding<never> {
  const [detail = '', ...sentences] = nameOptions(toReason(error)).split(/\. (?=[A-Z])/)
  const own = sentences.length === 0 ? [] : [{ text: `${sentences.join('. ')}.` }]
  return failed(name, detail, { advice: [...own, ...advice], isInferred })
}

/**
 * Gives the reason of an error for the developer.
 *
 * @throws whatever is no error of this library
 */
export function toReason(error: unknown): string {
  if (isAuthorizationError(error)) return error.reason
  if (error instanceof TypeError) return error.message
  throw error
}

function toStep(step: Pick<Step, 'name' | 'status' | 'detail'> & More): Step {
  return { advice: [], isInferred: false, ...step }
}
