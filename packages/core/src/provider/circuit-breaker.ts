import { type AuthorizationError, isAuthorizationError } from '../errors/authorization-error.js'
import { BoundedMap } from '../internal/bounded-map.js'
import type { Clock } from '../internal/clock.js'
import { Circuit, type CircuitState } from './circuit.js'

/**
 * Runs a request about a token, or refuses to. `isAwaited` tells whether somebody waits for it (default), as nobody does for a
 * renewal.
 */
export type CircuitBreaker = <Result>(
  token: string,
  request: () => Promise<Result>,
  isAwaited?: boolean,
) => Promise<Result>

/** So many tokens without an answer between them are an outage, and so many failures of one token a reason to leave it alone. */
const failuresToOpen = 5

/** Tokens that have failed lately. */
const maxTokens = 1_000

/** What {@link createCircuitBreaker} takes. */
export interface CircuitBreakerOptions {
  readonly clock: Pick<Clock, 'elapsed'>
  /** For how long a request is waited for that is sent to see whether an outage is over. */
  readonly maxProbeMs: number
  /** Tells which errors are failures of ZITADEL. What else is wrong, with a token or with an answer about it, is an answer. */
  readonly isFailure: (error: AuthorizationError) => boolean
  /** Tells for how long ZITADEL asked to be left alone by everybody, in milliseconds; undefined when it did not. */
  readonly toAskedMs: (error: AuthorizationError) => number | undefined
  /** Hears of every change of state of the circuit for all tokens. */
  readonly onChange: (state: CircuitState) => void
}

/**
 * Makes a circuit breaker with a circuit for all tokens, which the failures of five different tokens in a row open, and one for
 * each token that fails: whoever has a token that ZITADEL, or a firewall before it, can't bear keeps nobody else out. Its renewals
 * have one of their own, so that they keep out nobody who waits.
 */
export function createCircuitBreaker(options: CircuitBreakerOptions): CircuitBreaker {
  const { clock, maxProbeMs, isFailure, toAskedMs, onChange } = options
  const all = new Circuit({ clock, failuresToOpen, maxProbeMs, onChange })
  const failing = new BoundedMap<FailingToken>({ maxEntries: maxTokens })

  function fail(subject: string, error: AuthorizationError): void {
    const own = failing.get(subject) ?? { circuit: new Circuit({ clock, failuresToOpen, maxProbeMs }), failures: 0 }
    own.failures += 1
    failing.set(subject, own)
    own.circuit.fail(error, String(own.failures), toOwnAskedMs(error))
  }

  function succeed(token: string): void {
    failing.delete(token)
    failing.delete(toRenewal(token))
    all.succeed()
  }

  return async (token, request, isAwaited = true) => {
    const subject = isAwaited ? token : toRenewal(token)
    const own = failing.get(subject)?.circuit
    // Both are asked before one of them takes the request for its probe: it would wait for one that is never sent.
    if (!isAwaited) failing.get(token)?.circuit.requireClosed()
    own?.requirePassable()
    all.requirePassable()
    own?.pass()
    all.pass()
    try {
      const result = await request()
      succeed(token)
      return result
    } catch (error) {
      if (isAuthorizationError(error) && !error.expose && isFailure(error)) {
        fail(subject, error)
        // To be left alone ZITADEL asks whoever asks.
        if (!isAwaited && toOwnAskedMs(error) !== undefined) fail(token, error)
        all.fail(error, token, toAskedMs(error))
      } else succeed(token)
      throw error
    }
  }
}

function toRenewal(token: string): string {
  return `renewal of ${token}`
}

/** For how long the token is to be left alone, in milliseconds. */
function toOwnAskedMs({ retryAfterSeconds }: AuthorizationError): number | undefined {
  return retryAfterSeconds && retryAfterSeconds * 1_000
}

interface FailingToken {
  readonly circuit: Circuit
  failures: number
}
