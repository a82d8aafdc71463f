import type { AuthorizationContext } from '@org/zitadel-auth'
import type { Handler } from './declaration.js'

/** What a guard found out about a call that it let pass. */
export interface Passage {
  /** Who makes it; undefined for an anonymous one. */
  readonly authorization: AuthorizationContext | undefined
}

// A registered symbol, so that an ESM and a CommonJS copy of this package find each other's contexts.
const key = Symbol.for('@org/zitadel-auth-nest/authorization')

type Carrier = { [key]?: WeakMap<Handler, Passage> }

/**
 * Remembers what a guard found out, on what came with the call. By handler, since several may be called for one request, as
 * the fields of a query are: one that is public must not get what another has asked for.
 */
export function setPassage(carrier: object, handler: Handler, passage: Passage): void {
  const passages = (carrier as Carrier)[key] ?? new WeakMap()
  Object.defineProperty(carrier, key, { value: passages.set(handler, passage), configurable: true })
}

/** Gives what a guard found out; undefined where none let the call pass. */
export function findPassage(carrier: object, handler: Handler): Passage | undefined {
  return (carrier as Carrier)[key]?.get(handler)
}
