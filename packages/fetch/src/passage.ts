import type { AuthorizationContext } from '@org/zitadel-auth'

/** What a gate found out about a request that it let pass. */
export interface Passage {
  /** Who makes the request; undefined for an anonymous one. */
  readonly authorization: AuthorizationContext | undefined
}

// A registered symbol, so that an ESM and a CommonJS copy of this package find each other's contexts. On the request itself,
// so that whatever a framework wraps around it, a proxy or an heir, finds it too.
const key = Symbol.for('@org/zitadel-auth-fetch/authorization')

/** Remembers what a gate found out, on the request or on the framework's context. */
export function setPassage(target: object, passage: Passage): void {
  Object.defineProperty(target, key, { value: passage, configurable: true })
}

/** Gives what a gate found out; undefined where none let the request pass. */
export function findPassage(target: object): Passage | undefined {
  return (target as { readonly [key]?: Passage })[key]
}
