import { channel } from 'node:diagnostics_channel'
import type { AuthorizationErrorCode } from '../errors.js'

/**
 * What this library tells whoever listens, by channel: subscribe with `node:diagnostics_channel` to
 * `@org/zitadel-auth:` and the name. No event holds a token, a secret, an assertion or a key.
 */
export interface DiagnosticEvents {
  /** A request was let pass. */
  verified: { readonly userId: string; readonly verifiedBy: 'introspection' | 'jwt' }
  /** A request was refused. `reason` is precise, and the client never sees it. */
  refused: { readonly code: AuthorizationErrorCode; readonly reason: string }
  /** A token was looked up, an answer made room for another, or an old one served since ZITADEL is down. */
  cache: { readonly outcome: 'hit' | 'miss' | 'evict' | 'stale' }
  /** ZITADEL was asked. `outcome` is the status, or the code of what went wrong. */
  upstream: { readonly url: string; readonly durationMs: number; readonly outcome: number | AuthorizationErrorCode }
  /** The circuit breaker before introspection changed its state. */
  breaker: { readonly state: 'closed' | 'open' | 'half-open' }
  /** ZITADEL's keys are others than before. */
  keys: { readonly added: readonly string[]; readonly removed: readonly string[] }
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
