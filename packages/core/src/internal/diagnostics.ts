import { channel } from 'node:diagnostics_channel'
import type { AuthorizationErrorCode } from '../errors/code.js'

/**
 * What this library tells whoever listens, by channel: subscribe with `node:diagnostics_channel` to
 * `@org/zitadel-auth:` and the name. No event holds a token, a secret, an assertion or a key.
 */
export interface DiagnosticEvents {
  /** A request was let pass. */
  verified: {
    /** The id of the user (`sub`). */
    readonly userId: string
    /** How the token was verified. */
    readonly verifiedBy: 'introspection' | 'jwt'
  }
  /** A request was refused. */
  refused: {
    /** The reason, for programs. */
    readonly code: AuthorizationErrorCode
    /** The precise reason, which the client never sees. */
    readonly reason: string
  }
  /** A token was looked up, an answer made room for another, or an old one served since ZITADEL is down. */
  cache: {
    /** `stale` is an old answer that served, by the option `staleIfErrorSeconds`. */
    readonly outcome: 'hit' | 'miss' | 'evict' | 'stale'
  }
  /** ZITADEL was asked. */
  upstream: {
    /** The endpoint, without any parameter. */
    readonly url: string
    /** How long the answer took, in milliseconds. */
    readonly durationMs: number
    /** The status of the answer, or the code of what went wrong. */
    readonly outcome: number | AuthorizationErrorCode
  }
  /** The circuit breaker before introspection changed its state. */
  breaker: {
    /** `closed` asks ZITADEL, `open` refuses unasked, `half-open` asks with one request. */
    readonly state: 'closed' | 'open' | 'half-open'
  }
  /** Cached answers have become more or fewer. */
  answers: {
    /** How many there are. */
    readonly entries: number
  }
  /** A request to introspect has begun to run or to wait, or has ended. */
  queue: {
    /** How many run. */
    readonly running: number
    /** How many wait for their turn. */
    readonly waiting: number
  }
  /** ZITADEL's keys are others than before. */
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
