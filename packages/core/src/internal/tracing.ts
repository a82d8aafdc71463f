import { tracingChannel } from 'node:diagnostics_channel'
import { isAuthorizationError } from '../errors/authorization-error.js'
import type { AuthorizationErrorCode } from '../errors/code.js'
import type { Clock } from './clock.js'

/**
 * The operations that can be traced. Subscribe with `tracingChannel` of `node:diagnostics_channel` to
 * `@org/zitadel-auth:` followed by the name. The same object is published at `start`, at `error` if it fails, and at
 * `asyncEnd`, and has more members each time; they are those of {@link TracedEvent} too. It contains no token, no
 * secret and no claim.
 */
export interface TracedOperations {
  /** A request is allowed or rejected. If its token is cached, only `start` and `asyncEnd` are published, in a row. */
  authenticate: {
    /** How the token was verified; undefined if there was none, or the request was rejected. */
    verifiedBy?: 'introspection' | 'jwt' | undefined
  }
  /** A request to ZITADEL, including its retry. */
  request: {
    /** What the request is for; undefined for anything else. */
    readonly kind: RequestKind | undefined
    /** The endpoint, without any parameter. */
    readonly url: string
    /** The status of the response, if there was one. */
    status?: number
  }
}

/** What a request to ZITADEL is for: its metadata, whether a token is active, its public keys, or a new token. */
export type RequestKind = 'discovery' | 'introspection' | 'keys' | 'token'

/** What all traced operations have in common. */
export interface TracedEvent {
  /** The ZITADEL that it is about. */
  readonly issuer: string
  /** How long it took, in milliseconds. Set at the end. */
  durationMs?: number
  /** Why it failed: the code of an {@link AuthorizationError}; undefined for any other error. */
  code?: AuthorizationErrorCode | undefined
  /**
   * A subscriber of `start` may set this function, which calls `run` in a context of its own. What it returns does not
   * matter: if it fails, or does not call `run`, the operation runs anyway.
   */
  enter?: (run: () => unknown) => unknown
}

type Name = keyof TracedOperations

/** Runs an operation, and tells whoever listens how it goes. */
export interface Trace {
  /** Whether anybody listens. */
  isHeard(name: Name): boolean
  /** Runs something that takes its time. */
  run<Of extends Name, Result>(
    name: Of,
    begun: TracedOperations[Of],
    operation: () => Promise<Result>,
    toOutcome: (result: Result) => Partial<TracedOperations[Of]>,
  ): Promise<Result>
  /** Tells of something that has been done already, and since when. */
  tell<Of extends Name>(name: Of, done: TracedOperations[Of], beganMs: number): void
}

const channels = {
  authenticate: tracingChannel('@org/zitadel-auth:authenticate'),
  request: tracingChannel('@org/zitadel-auth:request'),
}

/**
 * Makes a {@link Trace} of what happens with one issuer. Where nobody listens it costs a look.
 *
 * @param issuer - is in every event
 * @param clock - the time
 */
export function createTrace(issuer: string, clock: Pick<Clock, 'elapsed'>): Trace {
  return {
    isHeard: (name) => channels[name].hasSubscribers,
    async run(name, begun, operation, toOutcome) {
      const { start, end, error: failed, asyncStart, asyncEnd, hasSubscribers } = channels[name]
      if (!hasSubscribers) return operation()
      const event: TracedEvent = { issuer, ...begun }
      const beganMs = clock.elapsed()
      start.publish(event)
      try {
        const running = enter(event, operation)
        end.publish(event)
        const result = await running
        Object.assign(event, toOutcome(result))
        return result
      } catch (error) {
        event.code = isAuthorizationError(error) ? error.code : undefined
        failed.publish(event)
        throw error
      } finally {
        event.durationMs = clock.elapsed() - beganMs
        asyncStart.publish(event)
        asyncEnd.publish(event)
      }
    },
    tell(name, done, beganMs) {
      const event: TracedEvent = { issuer, ...done, durationMs: clock.elapsed() - beganMs }
      channels[name].start.publish(event)
      channels[name].asyncEnd.publish(event)
    },
  }
}

/** Runs an operation where a listener wants it to be run. The listener never sees its outcome, so that it can't replace it. */
function enter<Result>(event: TracedEvent, operation: () => Promise<Result>): Promise<Result> {
  let running: Promise<Result> | undefined
  try {
    event.enter?.(() => {
      running ??= operation()
    })
  } catch {
    // Whoever listens decides nothing.
  }
  return running ?? operation()
}

/** Where nobody can listen. */
export const untraced: Trace = { isHeard: () => false, run: (_name, _begun, operation) => operation(), tell: () => {} }
