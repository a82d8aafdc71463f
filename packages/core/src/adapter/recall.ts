import type { AuthorizationContext } from '../authorization/context.js'
import type { RequirementChoice } from '../authorization/requirement-choice.js'
import type { AuthorizationHeader } from '../request/bearer-token.js'

/**
 * Gives the context of a request whose token is cached and meets the requirement, without a promise. Undefined is no refusal:
 * it takes a request to ZITADEL, or a closer look, to decide.
 *
 * @param header - the `Authorization` header
 * @param requirement - as `readRequirement` gives it
 */
export type Recall = (header: AuthorizationHeader, requirement: RequirementChoice) => AuthorizationContext | undefined

/** A registered symbol, since an adapter may come with another copy of this package. */
const shortcut = Symbol.for('@org/zitadel-auth/recall')

/** What hangs on a function: its short way, and whose it is. */
interface Shortcut {
  readonly recall: Recall
  readonly of: object
}

/**
 * Hangs the short way onto the function whose long way it saves. Whoever puts a function of their own in the place of that one,
 * as a test or a wrapper does, so takes the short way out too.
 */
export function offerRecall<Authenticate extends object>(authenticate: Authenticate, recall: Recall): Authenticate {
  const value: Shortcut = { recall, of: authenticate }
  return Object.defineProperty(authenticate, shortcut, { value })
}

/** Gives the short way of a function, where it has one of its own: a spy copies whatever hangs on the original. */
export function findRecall(authenticate: object): Recall | undefined {
  const found = (authenticate as { readonly [shortcut]?: Shortcut })[shortcut]
  return found?.of === authenticate ? found.recall : undefined
}
