import { channel } from 'node:diagnostics_channel'
import type { AuthorizationErrorCode } from '../errors/code.js'

/**
 * The events that the library publishes. Subscribe with `node:diagnostics_channel` to `@org/zitadel-auth:` followed by
 * the name. No event contains a token, a secret, an assertion or a key.
 */
export interface DiagnosticEvents {
  /** A request was allowed. */
  verified: {
    /** The id of the user (`sub`). */
    readonly userId: string
    /** How the token was verified. */
    readonly verifiedBy: 'introspection' | 'jwt'
  }
  /** A request was rejected. */
  refused: {
    /** Why, for programs. */
    readonly code: AuthorizationErrorCode
    /** Why, for the developer of the API. The client never sees it. */
    readonly reason: string
  }
  /**
   * A token was looked up in the cache, a cached response was removed to make room, or a stale one was used while
   * ZITADEL is down.
   */
  cache: {
    /** `stale` is a response that was used because of the option `staleIfErrorSeconds`. */
    readonly outcome: 'hit' | 'miss' | 'evict' | 'stale'
  }
  /** A request to ZITADEL ended. */
  upstream: {
    /** The endpoint, without any parameter. */
    readonly url: string
    /** How long it took, in milliseconds. */
    readonly durationMs: number
    /** The status of the response, or the code of the error. */
    readonly outcome: number | AuthorizationErrorCode
  }
  /** The circuit breaker for introspection changed its state. */
  breaker: {
    /** `closed` sends requests to ZITADEL, `open` sends none and fails at once, `half-open` tries a single request. */
    readonly state: 'closed' | 'open' | 'half-open'
  }
  /** The number of cached responses changed. */
  answers: {
    /** How many there are. */
    readonly entries: number
  }
  /** An introspection request began to run or to wait, or ended. */
  queue: {
    /** How many run. */
    readonly running: number
    /** How many wait for their turn. */
    readonly waiting: number
  }
  /** The public keys of ZITADEL changed. */
  keys: {
    /** The ids of the new keys. */
    readonly added: readonly string[]
    /** The ids of the keys that are gone. */
    readonly removed: readonly string[]
  }
}

/** Publishes an event, made only if somebody listens. */
export type Publish = <Name extends keyof DiagnosticEvents>(name: Name, toEvent: () => DiagnosticEvents[Name]) => void

/** Where nobody can listen. */
export const silent: Publish = () => {}

const prefix = '@org/zitadel-auth:'

const channels = {
  verified: channel(`${prefix}verified`),
  refused: channel(`${prefix}refused`),
  cache: channel(`${prefix}cache`),
  upstream: channel(`${prefix}upstream`),
  breaker: channel(`${prefix}breaker`),
  keys: channel(`${prefix}keys`),
  answers: channel(`${prefix}answers`),
  queue: channel(`${prefix}queue`),
} satisfies Record<keyof DiagnosticEvents, unknown>

/**
 * Makes the function that publishes what happens with one issuer.
 *
 * @param issuer - is in every event, for applications with several
 */
export function createPublisher(issuer: string): Publish {
  return (name, toEvent) => {
    if (channels[name].hasSubscribers) channels[name].publish({ issuer, ...toEvent() })
  }
}
